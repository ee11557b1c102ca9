package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.mesohub.api.PeerOutcome.State;

/**
 * How long a peer is waited for: all waits together not longer than its patience, and none beyond a
 * deadline. Only waiting counts, not what is done with what came. Belongs to one context.
 */
final class Patience {
  /** What is left for the way back, so that an answer comes before the client's deadline. */
  private static final long MARGIN_NANOS = 50_000_000L;

  private final Vertx vertx;
  private final long deadlineNanos;
  private long leftNanos;

  /**
   * @param deadlineNanos of the client, on the clock of {@link System#nanoTime}; Long.MAX_VALUE:
   *     none
   */
  Patience(Vertx vertx, Duration patience, long deadlineNanos) {
    this.vertx = vertx;
    this.leftNanos = patience.toNanos();
    this.deadlineNanos = deadlineNanos;
  }

  /** What is left of the deadline. */
  private long untilDeadlineNanos() {
    return deadlineNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : deadlineNanos - MARGIN_NANOS - System.nanoTime();
  }

  /** Whether there is time to ask at all. */
  boolean isOver() {
    return untilDeadlineNanos() <= 0;
  }

  /** The same future, given up when there is no more time; on this context. */
  <T> Future<T> await(Future<T> future, String what) {
    if (future.isComplete()) {
      return future;
    }
    long began = System.nanoTime();
    boolean own = leftNanos <= untilDeadlineNanos();
    long limit = Math.min(leftNanos, untilDeadlineNanos());
    Promise<T> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, limit / 1_000_000),
            late ->
                promise.tryFail(
                    new PeerFailure(State.TIMEOUT, what + " in the time there was", own)));
    future.onComplete(promise::tryComplete, e -> promise.tryFail(PeerClient.failure(e)));
    return promise
        .future()
        .andThen(
            done -> {
              vertx.cancelTimer(timer);
              leftNanos -= System.nanoTime() - began;
            });
  }
}
