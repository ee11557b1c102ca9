package org.mesohub.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

/**
 * Folds the versions of each key into the row a reader sees: column by column the winning version's
 * value; explicit missing marks win like values, absent cells never do. A version's rank is (its
 * cluster owns the network, origin commit time, cluster id, local commit, position). Thread-safe.
 */
public final class Fold {
  private final Visibility visibility;
  private final VersionRank rank;

  /**
   * @param asOfCommit versions and tombstones of later local commits do not exist; Long.MAX_VALUE
   *     for the latest
   * @param tombstones deletions, any order
   * @param owned (network, cluster) pairs written {@code network + "\t" + cluster} whose versions
   *     go before all others of the network
   */
  public Fold(long asOfCommit, List<Tombstone> tombstones, Set<String> owned) {
    this.visibility = new Visibility(asOfCommit, tombstones);
    this.rank = new VersionRank(owned);
  }

  /** Folds a batch with resolved origins in which every key is complete. May give 0 rows. */
  public FoldedBatch fold(VersionBatch versions) {
    VersionBatch existing = filter(versions);
    if (hasRepeatedKeys(existing.rows())) {
      return foldRepeated(existing);
    }
    return new FoldedBatch(existing.rows(), flags(existing, existing.rows(), null));
  }

  /** Folds like {@link #fold}; the origin of each row is that of its newest version. */
  public VersionBatch stamped(VersionBatch versions) {
    VersionBatch existing = filter(versions);
    if (!hasRepeatedKeys(existing.rows())) {
      return existing;
    }
    KeyGroups groups = KeyGroups.of(existing.rows());
    int[] newest = newest(groups, rank(existing, groups));
    return new VersionBatch(
        foldRepeated(existing).rows(),
        existing.origins(),
        ColumnGather.ints(existing.origin(), newest, newest.length));
  }

  private static int[] newest(KeyGroups groups, int[] ranked) {
    var newest = new int[groups.count()];
    for (int group = 0; group < newest.length; group++) {
      newest[group] = ranked[groups.end(group) - 1];
    }
    return newest;
  }

  /** The versions that exist as of the commit, none folded: for history reads. */
  public VersionBatch filter(VersionBatch versions) {
    int[] rows = visibility.rows(versions);
    return rows == null ? versions : Batches.gather(versions, rows, rows.length);
  }

  private static boolean hasRepeatedKeys(ObservationBatch rows) {
    int[] station = rows.station();
    long[] time = rows.timeMicros();
    for (int row = 1; row < rows.rows(); row++) {
      if (time[row] == time[row - 1] && station[row] == station[row - 1]) {
        return true;
      }
    }
    return false;
  }

  private FoldedBatch foldRepeated(VersionBatch versions) {
    ObservationBatch rows = versions.rows();
    KeyGroups groups = KeyGroups.of(rows);
    int[] ranked = rank(versions, groups);
    int[] newest = newest(groups, ranked);
    var columns = new ArrayList<ColumnVector>(rows.columns().size());
    for (ColumnVector vector : rows.columns()) {
      int[] winners = winners(vector.states(), groups, ranked);
      columns.add(ColumnGather.gather(vector, winners, winners.length));
    }
    var folded =
        new ObservationBatch(
            newest.length,
            rows.stations(),
            ColumnGather.ints(rows.station(), newest, newest.length),
            ColumnGather.longs(rows.timeMicros(), newest, newest.length),
            columns);
    return new FoldedBatch(folded, flags(versions, folded, newest));
  }

  /** The rows of each group in ascending rank, in the place of the group. */
  private int[] rank(VersionBatch versions, KeyGroups groups) {
    ObservationBatch rows = versions.rows();
    var ranked = new int[rows.rows()];
    for (int group = 0; group < groups.count(); group++) {
      int start = groups.start(group);
      ranked[start] = start;
      if (groups.end(group) == start + 1) {
        continue;
      }
      Set<String> owners = rank.owners(rows.stationAt(start).network());
      for (int row = start + 1; row < groups.end(group); row++) {
        Origin origin = origin(versions, row);
        int to = row;
        while (to > start
            && VersionRank.compare(origin(versions, ranked[to - 1]), origin, owners) > 0) {
          ranked[to] = ranked[to - 1];
          to--;
        }
        ranked[to] = row;
      }
    }
    return ranked;
  }

  private static Origin origin(VersionBatch versions, int row) {
    return versions.origins().get(versions.origin()[row]);
  }

  /** Per group the row of the highest rank whose cell is not absent, else any whose cell is. */
  private static int[] winners(byte[] states, KeyGroups groups, int[] ranked) {
    var winners = new int[groups.count()];
    for (int group = 0; group < winners.length; group++) {
      int start = groups.start(group);
      int at = groups.end(group) - 1;
      while (at > start && states[ranked[at]] == CellState.ABSENT) {
        at--;
      }
      winners[group] = ranked[at];
    }
    return winners;
  }

  /**
   * Flags of folded rows; null when all are 0.
   *
   * @param newest per folded row its newest version; null when rows and versions are the same
   */
  private static byte @Nullable [] flags(
      VersionBatch versions, ObservationBatch folded, int @Nullable [] newest) {
    List<Origin> origins = versions.origins();
    int[] origin = versions.origin();
    long[] time = folded.timeMicros();
    byte[] flags = null;
    for (int row = 0; row < folded.rows(); row++) {
      int version = newest == null ? row : newest[row];
      if (time[row] > origins.get(origin[version]).originTimeMicros()) {
        flags = flags == null ? new byte[folded.rows()] : flags;
        flags[row] = FoldedBatch.FUTURE;
      }
    }
    return flags;
  }
}
