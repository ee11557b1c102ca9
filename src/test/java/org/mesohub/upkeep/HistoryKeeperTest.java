package org.mesohub.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Entries;
import org.mesohub.catalog.RunBodies;
import org.mesohub.catalog.RunRef;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.DayDelta;
import org.mesohub.proto.internal.v1.DeleteRows;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.RunBody;
import org.mesohub.proto.internal.v1.Tombstone;

class HistoryKeeperTest {
  private static final long HOUR = 3_600_000_000L;

  private final CatalogueMachine machine = new CatalogueMachine();
  private final CatalogueLog log = new CatalogueLog(new AppliedAtOnce(), machine);
  private long now = 1_000 * 24 * HOUR;
  private int bodies;

  /** A log of one that applies what is submitted at the test's time. */
  private final class AppliedAtOnce implements ReplicatedLog {
    private long index;

    @Override
    public Future<byte[]> submit(byte[] entry) {
      return Future.succeededFuture(machine.apply(++index, now, entry));
    }

    @Override
    public Future<Void> barrier() {
      return Future.succeededFuture();
    }

    @Override
    public LogStatus status() {
      return new LogStatus("n", "n", "LEADER", 1, index, index, List.of("n"));
    }
  }

  private HistoryKeeper keeper(Duration kept) {
    return new HistoryKeeper(log, kept, () -> now);
  }

  private CatalogueState state() {
    return machine.state();
  }

  private RunBody body() {
    byte[] bytes = {(byte) bodies, (byte) (bodies++ >> 8)};
    return RunBodies.toProto(new RunRef.Body.Stored(org.mesohub.segment.ChunkId.of(bytes)));
  }

  private void commit(int day) {
    log.propose(Entries.commit(state(), body(), List.of(day)).toBuilder());
  }

  private void delete(int day) {
    log.propose(
        Entry.newBuilder()
            .setDeleteRows(
                DeleteRows.newBuilder()
                    .setDeleted(1)
                    .setTombstone(
                        Tombstone.newBuilder()
                            .setFromUs(new Day(day).startMicros())
                            .setToUs(new Day(day).endMicros()))
                    .addDays(
                        DayDelta.newBuilder()
                            .setEpochDay(day)
                            .setRows(-1)
                            .setChanged(true)
                            .setBasis(state().dayVersion(new Day(day))))));
  }

  @Test
  void the_floor_is_a_commit_of_as_long_ago_as_history_says_and_a_few_hours_more() {
    HistoryKeeper keeper = keeper(Duration.ofDays(3));
    var times = new TreeMap<Long, Long>();
    for (int i = 0; i < 24 * 10; i++) {
      now += HOUR;
      commit(3);
      times.put(now, state().commit());
      keeper.raiseFloor();
      Long exact = times.floorKey(now - 72 * HOUR);
      Long early = times.floorKey(now - 80 * HOUR);
      assertThat(state().floor())
          .isBetween(early == null ? 0 : times.get(early), exact == null ? 0 : times.get(exact));
    }
    now += 100 * HOUR;
    keeper.raiseFloor();
    assertThat(state().floor()).as("after a long silence").isEqualTo(state().commit());
    assertThat(keeper.overdue(state())).isEqualTo(state().commit());
  }

  @Test
  void everything_superseded_expires_at_once_without_history_and_nothing_with_all() {
    commit(3);
    commit(3);
    keeper(null).raiseFloor();
    assertThat(state().floor()).isZero();

    keeper(Duration.ZERO).raiseFloor();
    assertThat(state().floor()).isEqualTo(2);
    assertThat(keeper(Duration.ZERO).overdue(state())).as("a day has to pass").isZero();
  }

  @Test
  void deletions_go_once_their_days_are_rewritten() {
    HistoryKeeper keeper = keeper(Duration.ZERO);
    for (int day = 0; day < 600; day++) {
      commit(day);
      delete(day);
    }
    keeper.raiseFloor();
    assertThat(keeper.dropTombstones()).isZero();
    for (int day = 0; day < 599; day++) {
      rewrite(day);
    }
    assertThat(keeper.dropTombstones()).as("more than one entry's worth").isEqualTo(599);
    assertThat(state().tombstones()).hasSize(1);
    assertThat(keeper.dropTombstones()).isZero();
    rewrite(599);
    assertThat(keeper.dropTombstones()).isOne();
    assertThat(state().tombstones()).isEmpty();
  }

  private void rewrite(int day) {
    var entry = Entries.replace(state(), day, 1, body()).toBuilder();
    entry.getReplaceRunsBuilder().setTrimmedTo(state().floor()).getDaysBuilder(0).setWhole(true);
    log.propose(entry);
  }
}
