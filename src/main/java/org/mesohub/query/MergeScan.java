package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.FoldedBatch;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** Matching rows of versions whose keys are complete per batch: folded, then filtered. */
final class MergeScan implements HitCursor {
  private final Scan scan;
  private final VersionCursor versions;

  MergeScan(Scan scan, VersionCursor versions) {
    this.scan = scan;
    this.versions = versions;
  }

  @Override
  public @Nullable Hits next() {
    VersionBatch batch;
    while ((batch = versions.next()) != null) {
      Hits hits = scan.history() ? history(batch) : folded(batch);
      if (hits != null) {
        return hits;
      }
    }
    return null;
  }

  private @Nullable Hits stamped(VersionBatch batch) {
    VersionBatch folded = scan.fold().stamped(batch);
    ObservationBatch rows = folded.rows();
    return rows.rows() == 0
        ? null
        : BatchHits.of(
            rows,
            Picks.of(matches(rows), rows.rows()),
            flags(folded),
            folded.origins(),
            folded.origin());
  }

  private @Nullable Hits folded(VersionBatch batch) {
    if (scan.stamped()) {
      return stamped(batch);
    }
    FoldedBatch folded = scan.fold().fold(batch);
    ObservationBatch rows = folded.rows();
    if (rows.rows() == 0) {
      return null;
    }
    boolean[] keep = matches(rows);
    return BatchHits.of(rows, Picks.of(keep, rows.rows()), folded.flags(), List.of(), null);
  }

  /** The versions of the keys whose folded rows match. */
  private @Nullable Hits history(VersionBatch batch) {
    VersionBatch existing = scan.trim().apply(scan.fold().filter(batch));
    ObservationBatch rows = existing.rows();
    if (rows.rows() == 0) {
      return null;
    }
    boolean[] keep = null;
    if (!scan.predicate().isTrue()) {
      ObservationBatch folded = scan.fold().fold(batch).rows();
      boolean[] matches = matches(folded);
      keep = new boolean[rows.rows()];
      int key = -1;
      for (int row = 0; row < rows.rows(); row++) {
        if (row == 0 || !sameKey(rows, row - 1, row)) {
          key++;
        }
        keep[row] = matches == null || matches[key];
      }
    }
    return BatchHits.of(
        rows, Picks.of(keep, rows.rows()), flags(existing), existing.origins(), existing.origin());
  }

  private boolean @Nullable [] matches(ObservationBatch rows) {
    if (scan.predicate().isTrue()) {
      return null;
    }
    var keep = new boolean[rows.rows()];
    java.util.Arrays.fill(keep, true);
    scan.predicate().narrow(BatchHits.cells(rows), rows.rows(), keep);
    return keep;
  }

  private static boolean sameKey(ObservationBatch rows, int a, int b) {
    return rows.timeMicros()[a] == rows.timeMicros()[b] && rows.station()[a] == rows.station()[b];
  }

  /** Each version's flags against its own commit time. */
  private static byte @Nullable [] flags(VersionBatch versions) {
    byte[] flags = null;
    int[] origin = versions.origin();
    long[] time = versions.rows().timeMicros();
    for (int row = 0; row < versions.rows().rows(); row++) {
      if (time[row] > versions.origins().get(origin[row]).originTimeMicros()) {
        flags = flags == null ? new byte[versions.rows().rows()] : flags;
        flags[row] = FoldedBatch.FUTURE;
      }
    }
    return flags;
  }
}
