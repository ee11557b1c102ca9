package org.mesohub.segment;

import org.mesohub.observation.ObservationBatch;

/**
 * Rows as a reader sees them: one per key, in key order, winning values column by column.
 *
 * @param flags per row, bit 0 ({@link #FUTURE}): stamped later than the commit time of its newest
 *     version; null when all are 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record FoldedBatch(ObservationBatch rows, byte @org.jspecify.annotations.Nullable [] flags) {
  /** The row is stamped later than the commit it came with. */
  public static final byte FUTURE = 1;
}
