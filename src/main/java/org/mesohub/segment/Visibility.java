package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;

/** Which versions exist for a read: those committed by some commit and not deleted by it. */
final class Visibility {
  private final long asOfCommit;
  private final List<Tombstone> tombstones;

  Visibility(long asOfCommit, List<Tombstone> tombstones) {
    this.asOfCommit = asOfCommit;
    this.tombstones = tombstones.stream().filter(t -> t.commit() <= asOfCommit).toList();
  }

  /** Rows of the versions that exist, ascending; null when all do. */
  int @Nullable [] rows(VersionBatch versions) {
    if (asOfCommit == Long.MAX_VALUE && tombstones.isEmpty()) {
      return null;
    }
    List<Origin> origins = versions.origins();
    int[] origin = versions.origin();
    int all = versions.rows().rows();
    boolean fewRows = all < origins.size();
    long commitMin = Long.MAX_VALUE;
    long commitMax = Long.MIN_VALUE;
    for (int i = 0; i < (fewRows ? all : origins.size()); i++) {
      long commit = origins.get(fewRows ? origin[i] : i).commit();
      commitMin = Math.min(commitMin, commit);
      commitMax = Math.max(commitMax, commit);
    }
    List<Deletion> deletions = deletions(versions.rows(), commitMin);
    if (commitMax <= asOfCommit && deletions.isEmpty()) {
      return null;
    }
    var rows = new int[all];
    int count = 0;
    for (int row = 0; row < all; row++) {
      long rowCommit = origins.get(origin[row]).commit();
      if (rowCommit <= asOfCommit && !isDeleted(deletions, row, rowCommit)) {
        rows[count++] = row;
      }
    }
    return count == all ? null : Arrays.copyOf(rows, count);
  }

  private static boolean isDeleted(List<Deletion> deletions, int row, long commit) {
    for (Deletion deletion : deletions) {
      if (deletion.applies(row, commit)) {
        return true;
      }
    }
    return false;
  }

  /** The tombstones that may apply to some row. */
  private List<Deletion> deletions(ObservationBatch rows, long commitMin) {
    if (tombstones.isEmpty() || rows.rows() == 0) {
      return List.of();
    }
    long[] times = rows.timeMicros();
    long first = Arrays.stream(times, 0, rows.rows()).min().orElseThrow();
    long last = Arrays.stream(times, 0, rows.rows()).max().orElseThrow();
    var deletions = new ArrayList<Deletion>();
    for (Tombstone tombstone : tombstones) {
      if (tombstone.commit() > commitMin && tombstone.range().overlapsClosed(first, last)) {
        deletions.add(new Deletion(tombstone, rows));
      }
    }
    return deletions;
  }

  /** A tombstone laid over a batch; remembers which stations it covers. */
  private static final class Deletion {
    private static final byte COVERED = 1;
    private static final byte NOT_COVERED = 2;

    private final Tombstone tombstone;
    private final ObservationBatch rows;

    /** Per station; 0 while not known. */
    private final byte[] covered;

    Deletion(Tombstone tombstone, ObservationBatch rows) {
      this.tombstone = tombstone;
      this.rows = rows;
      this.covered = new byte[rows.stations().size()];
    }

    boolean applies(int row, long commit) {
      return commit < tombstone.commit()
          && tombstone.range().contains(rows.timeMicros()[row])
          && covers(rows.station()[row]);
    }

    private boolean covers(int station) {
      if (covered[station] == 0) {
        covered[station] = tombstone.covers(rows.stations().get(station)) ? COVERED : NOT_COVERED;
      }
      return covered[station] == COVERED;
    }
  }
}
