package org.mesohub.replication;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for futures on background threads. Failures are {@code StoreException}s. */
final class Waiting {
  private Waiting() {}

  static <T> T await(Future<T> future, long timeoutMs) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw Failures.of(cause == null ? e : cause);
    } catch (TimeoutException e) {
      throw Failures.unavailable("no answer in " + timeoutMs + " ms");
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static RuntimeException interrupted() {
    Thread.currentThread().interrupt();
    return Failures.unavailable("this node is shutting down");
  }
}
