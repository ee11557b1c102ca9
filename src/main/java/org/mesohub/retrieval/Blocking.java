package org.mesohub.retrieval;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mesohub.api.ApiException;

/** Waiting for futures on worker threads, where waiting is allowed. */
public final class Blocking {
  private Blocking() {}

  /**
   * The value of a future. Throws its failure when that is a RuntimeException, else wrapped;
   * UNAVAILABLE after the time-out.
   *
   * @param what what is waited for, for the message
   */
  public static <T> T await(Future<T> future, long timeoutMillis, String what) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(what + " failed", e.getCause());
    } catch (TimeoutException e) {
      throw new ApiException(
          ApiException.Reason.UNAVAILABLE,
          what + " did not answer within " + timeoutMillis + " ms; try again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(
          ApiException.Reason.UNAVAILABLE, "the node is shutting down; try another one", e);
    }
  }

  /** Sleeps. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(
          ApiException.Reason.UNAVAILABLE, "the node is shutting down; try another one", e);
    }
  }
}
