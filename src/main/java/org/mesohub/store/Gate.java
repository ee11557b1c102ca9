package org.mesohub.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to the database: a bounded number of operations at once, a bounded queue, a deadline for
 * each.
 *
 * <p>Callable from any thread. An operation starts, and its future completes, on the Vert.x context
 * of its caller when it has one. An operation past its deadline keeps its place until the driver
 * gives up, so that a hanging server is not asked ever more.
 */
final class Gate {
  private final Vertx vertx;
  private final MongoOptions options;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int inFlight;

  Gate(Vertx vertx, MongoOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** Runs an operation in its turn; all its failures come out as {@link StoreException}s. */
  <T extends @Nullable Object> Future<T> run(String what, Supplier<Future<T>> operation) {
    @Nullable Context caller = Vertx.currentContext();
    Promise<T> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            options.deadlineMs(),
            id ->
                on(
                    caller,
                    () ->
                        promise.tryFail(
                            unavailable(
                                what
                                    + " had no answer in "
                                    + options.deadlineMs()
                                    + " ms. Check the load and the disk of the database, then try again."))));
    promise.future().onComplete(ended -> vertx.cancelTimer(timer));
    Runnable start =
        () -> {
          if (promise.future().isComplete()) {
            leave();
            return;
          }
          begin(operation)
              .onComplete(
                  result -> {
                    leave();
                    on(
                        caller,
                        () -> {
                          if (result.succeeded()) {
                            promise.tryComplete(result.result());
                          } else {
                            promise.tryFail(Failures.of(what, result.cause()));
                          }
                        });
                  });
        };
    if (!enter(() -> on(caller, start))) {
      promise.tryFail(
          unavailable(
              "the store is busy: "
                  + options.waitingMax()
                  + " operations are waiting already. Slow down and try again."));
    }
    return promise.future();
  }

  private static <T extends @Nullable Object> Future<T> begin(Supplier<Future<T>> operation) {
    try {
      return operation.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private boolean enter(Runnable start) {
    synchronized (this) {
      if (inFlight >= options.inFlightMax()) {
        if (waiting.size() >= options.waitingMax()) {
          return false;
        }
        waiting.add(start);
        return true;
      }
      inFlight++;
    }
    start.run();
    return true;
  }

  private void leave() {
    @Nullable Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        inFlight--;
      }
    }
    if (next != null) {
      next.run();
    }
  }

  private static void on(@Nullable Context context, Runnable action) {
    if (context == null || context == Vertx.currentContext()) {
      action.run();
    } else {
      context.runOnContext(ignored -> action.run());
    }
  }

  private static StoreException unavailable(String message) {
    return new StoreException(StoreException.Reason.UNAVAILABLE, message, null);
  }
}
