package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PeerOutcome;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.query.AnswerBatch;

/**
 * One peer that is asked for its share of a query. Waiting for it ends when its patience is used
 * up; whatever goes wrong becomes its outcome, never a failure of the answer. Belongs to one
 * context.
 */
final class PeerAsk {
  private final Vertx vertx;
  private final PeerBook book;
  private long patienceNanos;
  private @Nullable PeerRows rows;
  private @Nullable PeerFailure failure;
  private boolean atEnd;
  private boolean settled;
  private long taken;

  PeerAsk(Vertx vertx, PeerBook book, Duration patience) {
    this.vertx = vertx;
    this.book = book;
    this.patienceNanos = patience.toNanos();
  }

  /** Completes, without failure, when the peer begins to answer or is given up. */
  Future<Void> begin(Supplier<Future<PeerRows>> asking) {
    long now = System.nanoTime();
    if (!book.breaker().tryCall(now)) {
      failure =
          new PeerFailure(
              State.UNREACHABLE, "it did not answer lately: " + book.state(now).trouble());
      settled = true;
      return Future.succeededFuture();
    }
    if (!book.begin()) {
      book.breaker().succeeded();
      failure =
          new PeerFailure(
              State.REFUSED,
              PeerBook.QUERIES_MAX + " queries are with it already; ask again in a second");
      settled = true;
      return Future.succeededFuture();
    }
    return patiently(asking.get().onSuccess(late -> take(late)), "it has not begun to answer")
        .onSuccess(begun -> book.seen(begun.version()))
        .transform(
            (begun, e) -> {
              if (e != null) {
                fail(e);
              }
              return Future.succeededFuture();
            });
  }

  /** Rows that begin to come after they were given up are not wanted. */
  private void take(PeerRows begun) {
    if (settled) {
      begun.close();
    } else {
      rows = begun;
    }
  }

  boolean hasRows() {
    return rows != null && failure == null;
  }

  RowSource rows() {
    PeerRows begun = rows;
    if (begun == null) {
      throw new IllegalStateException("this peer has not begun to answer");
    }
    return begun;
  }

  /** The next rows; null at the end, or when the peer fails. */
  Future<@Nullable AnswerBatch> next() {
    if (settled) {
      return Future.succeededFuture(null);
    }
    return patiently(rows().next(), "no rows came")
        .transform(
            (batch, e) -> {
              if (e != null) {
                fail(e);
              } else if (batch == null) {
                atEnd = true;
                settle(true);
              }
              return Future.succeededFuture(e == null ? batch : null);
            });
  }

  /** The same future, given up when the peer's patience is used up. */
  private <T> Future<T> patiently(Future<T> future, String what) {
    if (future.isComplete()) {
      return future;
    }
    long began = System.nanoTime();
    Promise<T> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.max(1, patienceNanos / 1_000_000),
            late ->
                promise.tryFail(
                    new PeerFailure(State.TIMEOUT, what + " in the time that was left")));
    future.onComplete(
        value -> promise.tryComplete(value), e -> promise.tryFail(PeerClient.failure(e)));
    return promise
        .future()
        .andThen(
            done -> {
              vertx.cancelTimer(timer);
              patienceNanos -= System.nanoTime() - began;
            });
  }

  private void fail(Throwable e) {
    if (settled) {
      return;
    }
    failure = PeerClient.failure(e);
    settle(false);
    PeerRows begun = rows;
    if (begun != null) {
      begun.close();
    }
  }

  private void settle(boolean whole) {
    settled = true;
    PeerFailure why = failure;
    if (why != null && (why.state() == State.UNREACHABLE || why.state() == State.TIMEOUT)) {
      book.breaker().failed(System.nanoTime());
    } else {
      book.breaker().succeeded();
    }
    book.ended(taken, whole || (why != null && why.state() == State.DUPLICATE));
  }

  /** How many of its rows the answer has. */
  void taken(long so) {
    taken = so;
  }

  /** No more is wanted. */
  void close() {
    if (!settled) {
      atEnd = true;
      settle(true);
      PeerRows begun = rows;
      if (begun != null) {
        begun.close();
      }
    }
  }

  /** What came of it, and of those that it asked. */
  List<PeerOutcome> outcomes() {
    var outcomes = new java.util.ArrayList<PeerOutcome>();
    PeerFailure why = failure;
    State state =
        why == null
            ? atEnd ? State.OK : State.PARTIAL
            : taken > 0 && why.state() != State.DUPLICATE ? State.PARTIAL : why.state();
    outcomes.add(
        new PeerOutcome(
            book.cluster(), state, taken, why == null ? "" : String.valueOf(why.getMessage())));
    PeerRows begun = rows;
    if (begun != null) {
      outcomes.addAll(begun.others());
    }
    return outcomes;
  }
}
