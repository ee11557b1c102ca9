package org.mesohub.retrieval;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.query.Answer;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerSources;

/**
 * Pulls an answer on a worker, one batch ahead of its consumer: while the consumer writes a batch
 * the next is computed, and nothing beyond it.
 */
final class WorkerAnswer implements AnswerStream {
  private final Answer answer;
  private final WorkerExecutor workers;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable Future<?> ahead;
  private boolean ended;
  private boolean asked;

  WorkerAnswer(Answer answer, WorkerExecutor workers, Runnable onClose) {
    this.answer = answer;
    this.workers = workers;
    this.onClose = onClose;
  }

  @Override
  public AnswerHeader header() {
    return answer.header();
  }

  @Override
  public AnswerSources sources() {
    return answer.sources();
  }

  @Override
  @SuppressWarnings("unchecked") // the contract of next: the same function every time
  public <T> Future<@Nullable T> next(Function<AnswerBatch, T> encode) {
    if (ended) {
      return Future.succeededFuture(null);
    }
    if (asked) {
      // Two at once would lose a batch without a trace.
      throw new IllegalStateException("the batch before has not arrived yet");
    }
    asked = true;
    Future<@Nullable T> current = (Future<@Nullable T>) ahead;
    if (current == null) {
      current = compute(encode);
    }
    ahead = null;
    // Part of the chain, not a listener beside it: what follows must find the answer settled.
    return current.transform(
        (value, failure) -> {
          asked = false;
          if (failure != null) {
            close();
            return Future.failedFuture(failure);
          }
          if (value == null) {
            ended = true;
            close();
          } else if (!closed.get()) {
            ahead = compute(encode);
          }
          return Future.succeededFuture(value);
        });
  }

  private <T> Future<@Nullable T> compute(Function<AnswerBatch, T> encode) {
    return workers.executeBlocking(
        () -> {
          AnswerBatch batch = answer.next();
          return batch == null ? null : encode.apply(batch);
        },
        false);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      answer.close();
      onClose.run();
    }
  }
}
