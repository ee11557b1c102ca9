package org.mesohub.upkeep;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Floors;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.proto.internal.v1.DropTombstones;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.RaiseFloor;
import org.mesohub.segment.Tombstone;

/**
 * Lets superseded values expire: raises the floor of readable states as time goes by, and drops
 * deletions once compaction has removed what they hide. Blocks; for one background thread.
 */
final class HistoryKeeper {
  /** Deletions dropped by one entry. */
  private static final int DROPPED_MAX = 256;

  /**
   * How long superseded values below the floor may stay stored while commits go on: a day that is
   * corrected all the time is not rewritten more often than this.
   */
  private static final Duration OVERDUE = Duration.ofDays(1);

  private final CatalogueLog catalogue;
  private final @Nullable Duration kept;
  private final LongSupplier clockMicros;
  private long lookedFloor;
  private long lookedEpoch;

  /**
   * @param kept how long superseded values stay readable; null for always
   */
  HistoryKeeper(CatalogueLog catalogue, @Nullable Duration kept, LongSupplier clockMicros) {
    this.catalogue = catalogue;
    this.kept = kept;
    this.clockMicros = clockMicros;
  }

  /** Raises the floor to what the time allows. */
  void raiseFloor() {
    if (kept == null) {
      return;
    }
    CatalogueState state = catalogue.state();
    long floor = kept.isZero() ? state.commit() : commitBefore(state, kept);
    if (floor > state.floor()) {
      catalogue.propose(Entry.newBuilder().setRaiseFloor(RaiseFloor.newBuilder().setCommit(floor)));
    }
  }

  /** The commit up to which values were superseded so long ago that they are to go now. */
  long overdue(CatalogueState state) {
    return kept == null
        ? state.floor()
        : Math.min(state.floor(), commitBefore(state, kept.plus(OVERDUE)));
  }

  /** Drops deletions that hide nothing any more; gives how many. */
  int dropTombstones() {
    int dropped = 0;
    CatalogueState state = catalogue.state();
    if (state.floor() == lookedFloor && state.runsEpoch() == lookedEpoch) {
      return 0;
    }
    lookedFloor = state.floor();
    lookedEpoch = state.runsEpoch();
    List<Long> idle = idle(state);
    while (!idle.isEmpty()) {
      catalogue.propose(
          Entry.newBuilder().setDropTombstones(DropTombstones.newBuilder().addAllCommits(idle)));
      dropped += idle.size();
      idle = idle(catalogue.state());
    }
    return dropped;
  }

  private static List<Long> idle(CatalogueState state) {
    return state.tombstones().stream()
        .filter(tombstone -> Floors.isIdle(state, tombstone))
        .limit(DROPPED_MAX)
        .map(Tombstone::commit)
        .toList();
  }

  private long commitBefore(CatalogueState state, Duration age) {
    return state.retention().commitAt(clockMicros.getAsLong() - age.toSeconds() * 1_000_000);
  }
}
