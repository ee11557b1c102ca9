package org.mesohub.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node can serve, by a probe whose result is kept for a second and shared by all who
 * ask meanwhile. Thread-safe; futures complete on the caller's context.
 */
public final class Readiness {
  /** How long a result is good, in nanoseconds. */
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A probe that takes longer has failed, in milliseconds. */
  private static final long PROBE_MS_MAX = 5_000;

  private final Vertx vertx;
  private final Supplier<Future<Void>> probe;
  private final AtomicReference<@Nullable Result> last = new AtomicReference<>();
  private volatile boolean stopping;

  /**
   * Answer to "can you serve?".
   *
   * @param ready whether
   * @param reason why not; empty when ready
   */
  public record Answer(boolean ready, String reason) {}

  private record Result(Future<Answer> answer, long startedNanos) {
    boolean isGood(long now) {
      return !answer.isComplete() || now - startedNanos < KEPT_NANOS;
    }
  }

  public Readiness(Vertx vertx, Supplier<Future<Void>> probe) {
    this.vertx = vertx;
    this.probe = probe;
  }

  /** From now on the answer is no: the node is about to stop. */
  public void stopping() {
    stopping = true;
  }

  public boolean isStopping() {
    return stopping;
  }

  /** Never fails. */
  public Future<Answer> check() {
    if (stopping) {
      return Future.succeededFuture(new Answer(false, "the node is stopping"));
    }
    long now = System.nanoTime();
    Result known = last.get();
    if (known == null || !known.isGood(now)) {
      var promise = io.vertx.core.Promise.<Answer>promise();
      var fresh = new Result(promise.future(), now);
      if (last.compareAndSet(known, fresh)) {
        run().onComplete(promise);
        known = fresh;
      } else {
        return check();
      }
    }
    return onCallersContext(known.answer());
  }

  private Future<Answer> run() {
    Future<Void> probed;
    try {
      probed = probe.get();
    } catch (RuntimeException e) {
      probed = Future.failedFuture(e);
    }
    return probed
        .timeout(PROBE_MS_MAX, TimeUnit.MILLISECONDS)
        .map(new Answer(true, ""))
        .otherwise(failure -> new Answer(false, reason(failure)));
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }

  private Future<Answer> onCallersContext(Future<Answer> answer) {
    if (answer.isComplete()) {
      return Future.succeededFuture(answer.result());
    }
    Context caller = vertx.getOrCreateContext();
    return Future.future(
        promise -> answer.onComplete(r -> caller.runOnContext(v -> promise.handle(r))));
  }
}
