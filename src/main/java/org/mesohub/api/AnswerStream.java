package org.mesohub.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerSources;

/**
 * An answer on its way. At most one {@link #next} in flight; the consumer's pace is the
 * back-pressure, a small read-ahead apart.
 */
public interface AnswerStream {
  AnswerHeader header();

  /**
   * The next batch turned by {@code encode} on a worker thread into what the consumer wants (so
   * that no event loop encodes), null at the end. The same function must be given every time.
   */
  <T> Future<@Nullable T> next(Function<AnswerBatch, T> encode);

  /** Where the rows come from; complete once {@link #next} gave null. */
  AnswerSources sources();

  /** What came of other clusters that were asked, each once; final when {@link #next} gave null. */
  default List<PeerOutcome> peers() {
    return List.of();
  }

  /** Stops and lets go of everything; idempotent. */
  void close();
}
