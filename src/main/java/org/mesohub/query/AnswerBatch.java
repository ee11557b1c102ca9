package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Origin;

/**
 * Rows of an answer, in key order, with the header's columns by position.
 *
 * @param flags as in {@link org.mesohub.segment.FoldedBatch}, null when all are 0
 * @param origins in history answers the origins of the versions, in stamped ones those of the
 *     newest versions, else empty
 * @param origin per row an index into {@code origins}; null when that is empty
 */
@SuppressWarnings("ArrayRecordComponent")
public record AnswerBatch(
    ObservationBatch rows, byte @Nullable [] flags, List<Origin> origins, int @Nullable [] origin) {
  /** Some rows from the first on; all when there are no more. */
  public AnswerBatch first(int count) {
    return AnswerBatches.slice(this, 0, Math.min(count, rows.rows()));
  }
}
