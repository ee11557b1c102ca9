package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Origin;

/**
 * Rows of an answer, in key order, with the header's columns by position.
 *
 * @param flags as in {@link org.mesohub.segment.FoldedBatch}, null when all are 0
 * @param origins in history answers the origins of the versions, else empty
 * @param origin in history answers per row an index into {@code origins}, else null
 */
@SuppressWarnings("ArrayRecordComponent")
public record AnswerBatch(
    ObservationBatch rows,
    byte @Nullable [] flags,
    List<Origin> origins,
    int @Nullable [] origin) {}
