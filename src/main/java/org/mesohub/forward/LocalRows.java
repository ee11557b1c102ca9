package org.mesohub.forward;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.observation.Column;
import org.mesohub.query.AnswerBatch;

/** Rows of this cluster, under its name. */
final class LocalRows implements RowSource {
  private final AnswerStream answer;
  private final String cluster;

  LocalRows(AnswerStream answer, String cluster) {
    this.answer = answer;
    this.cluster = cluster;
  }

  @Override
  public List<Column> columns() {
    return answer.header().columns();
  }

  @Override
  public Future<@Nullable AnswerBatch> next() {
    return answer.next(this::named);
  }

  private AnswerBatch named(AnswerBatch batch) {
    return batch.origin() == null
        ? batch
        : new AnswerBatch(
            batch.rows(), batch.flags(), PeerRows.named(batch.origins(), cluster), batch.origin());
  }

  @Override
  public void close() {
    answer.close();
  }
}
