package org.mesohub.retrieval;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;

/**
 * Places for answers in progress. Who finds none waits in a queue, first come first served, for a
 * few seconds at most: a crowd of small readers is served one after the other, and only places that
 * stay taken turn others away. Waiting takes no memory to speak of. Thread-safe.
 */
final class Turns {
  /** Longest wait for a place, to a second. */
  private static final long WAIT_SECONDS = 10;

  /** The queue is looked through this often while somebody waits. */
  private static final Executor LOOK = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  /** Readers in the queue per place. */
  private static final int WAITING_PER_PLACE = 64;

  private record Waiter(long deadlineNanos, Promise<Void> turn) {}

  private final int places;
  private final int waitingMax;

  // Guarded by this.
  private final Deque<Waiter> queue = new ArrayDeque<>();
  private int taken;
  private boolean looking;

  Turns(int places) {
    this.places = places;
    this.waitingMax = places * WAITING_PER_PLACE;
  }

  /** Places taken now. */
  synchronized int taken() {
    return taken;
  }

  /** Readers in the queue now. */
  synchronized int waiting() {
    return queue.size();
  }

  /**
   * Completes with a place taken, to be given back by {@link #leave}, on the caller's context when
   * it has one. Fails as OVERLOADED when the queue is full or no place came free in time.
   */
  synchronized Future<Void> enter() {
    if (taken < places) {
      taken++;
      return Future.succeededFuture();
    }
    if (queue.size() >= waitingMax) {
      return Future.failedFuture(overloaded("and " + waitingMax + " wait for one to end"));
    }
    @Nullable Context context = Vertx.currentContext();
    Promise<Void> turn =
        context == null ? Promise.promise() : ((ContextInternal) context).promise();
    queue.add(new Waiter(System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS), turn));
    if (!looking) {
      looking = true;
      LOOK.execute(this::look);
    }
    return turn.future();
  }

  /** Gives a place back. */
  void leave() {
    Waiter next;
    synchronized (this) {
      next = queue.poll();
      if (next == null) {
        taken--;
      }
    }
    if (next != null) {
      next.turn.complete();
    }
  }

  /** Turns away who has waited too long. */
  private void look() {
    turnAway(System.nanoTime());
  }

  void turnAway(long nowNanos) {
    List<Waiter> late = new ArrayList<>();
    synchronized (this) {
      for (Waiter first = queue.peek();
          first != null && nowNanos - first.deadlineNanos >= 0;
          first = queue.peek()) {
        late.add(queue.remove());
      }
      looking = !queue.isEmpty();
      if (looking) {
        LOOK.execute(this::look);
      }
    }
    late.forEach(
        waiter -> waiter.turn.fail(overloaded("and none has ended for " + WAIT_SECONDS + " s")));
  }

  private ApiException overloaded(String why) {
    return new ApiException(
        ApiException.Reason.OVERLOADED,
        places
            + " queries are in progress (limits.queriesMax) "
            + why
            + "; try again when one has ended");
  }
}
