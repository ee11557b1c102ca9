package org.mesohub.query;

import org.jspecify.annotations.Nullable;

/**
 * A running answer, pulled by one thread at a time; pulling computes and may block on storage, so
 * never on an event loop.
 */
public interface Answer extends AutoCloseable {
  AnswerHeader header();

  /** The next batch of 1 to 8,192 rows, null at the end. */
  @Nullable AnswerBatch next();

  /** Where the rows come from; complete once {@link #next} gave null. */
  AnswerSources sources();

  /** Stops early and lets go of everything; idempotent, callable from any thread. */
  @Override
  void close();
}
