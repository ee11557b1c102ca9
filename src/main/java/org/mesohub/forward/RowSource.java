package org.mesohub.forward;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.query.AnswerBatch;

/** Rows of one cluster on their way. At most one {@link #next} in flight; one context. */
interface RowSource {
  /** Columns of all batches, by position. */
  List<Column> columns();

  /** The next batch; null at the end. */
  Future<@Nullable AnswerBatch> next();

  /** Stops and lets go of everything; idempotent. */
  void close();
}
