package org.mesohub.query;

import org.jspecify.annotations.Nullable;

/** The answer of a range query: what its pipeline gives, up to the limit. */
final class ScanAnswer implements Answer {
  private final AnswerHeader header;
  private final AnswerSources sources;
  private final Pipeline<AnswerBatch> pipeline;
  private long left;

  /**
   * @param limit most rows, 0 for no limit
   */
  ScanAnswer(
      AnswerHeader header, AnswerSources sources, Pipeline<AnswerBatch> pipeline, long limit) {
    this.header = header;
    this.sources = sources;
    this.pipeline = pipeline;
    this.left = limit == 0 ? Long.MAX_VALUE : limit;
  }

  @Override
  public AnswerHeader header() {
    return header;
  }

  @Override
  public AnswerSources sources() {
    return sources;
  }

  @Override
  public @Nullable AnswerBatch next() {
    if (left == 0) {
      return null;
    }
    AnswerBatch batch = pipeline.next();
    if (batch == null) {
      return null;
    }
    if (batch.rows().rows() > left) {
      batch = AnswerBatches.slice(batch, 0, (int) left);
    }
    left -= batch.rows().rows();
    return batch;
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
