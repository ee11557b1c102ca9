package org.mesohub.query;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.ChunkOrigins;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Tombstone;

/**
 * Which single versions exist at a commit: what {@link org.mesohub.segment.Fold} decides for
 * versions in general, for blocks in which no key has two.
 *
 * @param asOfCommit versions and tombstones of later commits do not exist
 * @param tombstones deletions that may matter
 */
record Existence(long asOfCommit, List<Tombstone> tombstones) {
  static Existence of(long asOfCommit, List<Tombstone> all, KeyScope scope) {
    var relevant = new ArrayList<Tombstone>();
    for (Tombstone tombstone : all) {
      if (tombstone.commit() <= asOfCommit
          && !tombstone.range().intersect(scope.range()).isEmpty()) {
        relevant.add(tombstone);
      }
    }
    return new Existence(asOfCommit, List.copyOf(relevant));
  }

  /** Drops rows that do not exist. */
  void narrow(BlockRows rows, ChunkOrigins all, List<StationKey> stations) {
    List<Origin> origins = all.list();
    if (all.lastCommit() > asOfCommit) {
      int[] of = rows.origin();
      boolean[] keep = rows.keep();
      for (int row = 0; row < rows.rows(); row++) {
        keep[row] &= origins.get(of[row]).commit() <= asOfCommit;
      }
    }
    for (Tombstone tombstone : tombstones) {
      if (tombstone.commit() > all.firstCommit()
          && tombstone
              .range()
              .overlapsClosed(rows.block().timeMinMicros(), rows.block().timeMaxMicros())) {
        delete(tombstone, rows, origins, stations);
      }
    }
  }

  /** Whether all rows of a reference's chunk exist, as far as can be told without opening it. */
  boolean isPlain(Slice slice) {
    if (slice.part().ref().commit() > asOfCommit) {
      return false;
    }
    for (Tombstone tombstone : tombstones) {
      if (tombstone
          .range()
          .overlapsClosed(
              slice.part().summary().timeMinMicros(), slice.part().summary().timeMaxMicros())) {
        return false;
      }
    }
    return true;
  }

  private static void delete(
      Tombstone tombstone, BlockRows rows, List<Origin> origins, List<StationKey> stations) {
    var covered = new BitSet(stations.size());
    for (int i = 0; i < stations.size(); i++) {
      covered.set(i, tombstone.covers(stations.get(i)));
    }
    if (covered.isEmpty()) {
      return;
    }
    int[] station = rows.station();
    long[] time = rows.timeMicros();
    int[] of = rows.origin();
    boolean[] keep = rows.keep();
    for (int row = 0; row < rows.rows(); row++) {
      if (keep[row]
          && covered.get(station[row])
          && tombstone.range().contains(time[row])
          && origins.get(of[row]).commit() < tombstone.commit()) {
        keep[row] = false;
      }
    }
  }
}
