package org.mesohub.query;

import java.util.ArrayList;
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
  /** The same without origins that no row has. */
  public AnswerBatch compact() {
    int[] numbers = origin;
    if (numbers == null) {
      return this;
    }
    var position = new int[origins.size()];
    var used = new ArrayList<Origin>();
    var renumbered = new int[rows.rows()];
    for (int row = 0; row < renumbered.length; row++) {
      int number = numbers[row];
      if (position[number] == 0) {
        used.add(origins.get(number));
        position[number] = used.size();
      }
      renumbered[row] = position[number] - 1;
    }
    return used.size() == origins.size() ? this : new AnswerBatch(rows, flags, used, renumbered);
  }

  /** Some rows from the first on; all when there are no more. */
  public AnswerBatch first(int count) {
    return AnswerBatches.slice(this, 0, Math.min(count, rows.rows()));
  }
}
