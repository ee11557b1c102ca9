package org.mesohub.ingest;

import org.mesohub.segment.PutDiff;

/** Rows of one put by what becomes of them. */
record PutTally(long stored, long unchanged, long corrected, long future) {
  static final PutTally NONE = new PutTally(0, 0, 0, 0);

  PutTally plus(PutDiff.Counts counts, long moreFuture) {
    return new PutTally(
        stored + counts.stored(),
        unchanged + counts.unchanged(),
        corrected + counts.corrected(),
        future + moreFuture);
  }

  boolean changes() {
    return stored + corrected > 0;
  }
}
