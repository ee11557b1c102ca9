package org.mesohub.forward;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PeerOutcome;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.query.AnswerBatch;

/**
 * One peer that is asked for its share of a query. Whatever goes wrong becomes its outcome, never a
 * failure of the answer. Belongs to one context.
 */
final class PeerAsk {
  private final PeerBook book;
  private final AskedRows rows;
  private @Nullable PeerFailure failure;
  private boolean entered;
  private boolean begun;
  private boolean settled;
  private long received;
  private long taken;

  /**
   * @param rows not yet asked for
   */
  PeerAsk(PeerBook book, AskedRows rows) {
    this.book = book;
    this.rows = rows;
  }

  /** A peer that is not asked. */
  static PeerAsk refused(PeerBook book, AskedRows rows, State state, String text) {
    var ask = new PeerAsk(book, rows);
    ask.failure = new PeerFailure(state, text, false);
    ask.settled = true;
    return ask;
  }

  /** Completes, without failure, when the peer begins to answer or is given up. */
  Future<Void> begin(Supplier<Future<Void>> asking) {
    if (settled) {
      return Future.succeededFuture();
    }
    if (!book.tryEnter()) {
      fail(
          new PeerFailure(
              State.REFUSED,
              "as many queries as it may have are with it already; ask again in a second"));
      return Future.succeededFuture();
    }
    entered = true;
    if (!book.breaker().tryCall(System.nanoTime())) {
      entered = false;
      book.leave();
      String trouble = book.state(System.nanoTime()).trouble();
      fail(
          new PeerFailure(
              State.UNREACHABLE,
              "it did not answer lately" + (trouble.isEmpty() ? "" : ": " + trouble),
              false));
      return Future.succeededFuture();
    }
    book.asked();
    return Future.<Void>succeededFuture()
        .compose(now -> asking.get())
        .onSuccess(
            header -> {
              begun = true;
              book.breaker().succeeded();
            })
        .recover(
            e -> {
              fail(e);
              return Future.succeededFuture();
            });
  }

  boolean hasRows() {
    return begun && failure == null;
  }

  RowSource rows() {
    return rows;
  }

  /** The next rows; null at the end, or when the peer fails. */
  Future<@Nullable AnswerBatch> next() {
    if (settled) {
      return Future.succeededFuture(null);
    }
    return rows.next()
        .transform(
            (batch, e) -> {
              if (e != null) {
                fail(e);
              } else if (batch == null) {
                settle(true);
              } else {
                received += batch.rows().rows();
              }
              return Future.succeededFuture(e == null ? batch : null);
            });
  }

  private void fail(Throwable e) {
    if (!settled) {
      failure = PeerClient.failure(e);
      settle(false);
      rows.close();
    }
  }

  private void settle(boolean whole) {
    settled = true;
    if (!entered) {
      return;
    }
    PeerFailure why = failure;
    if (why != null && why.isBlamed()) {
      book.breaker().failed(System.nanoTime());
    } else if (!begun) {
      book.breaker().released();
    }
    book.ended(received, whole || (why != null && why.state() == State.DUPLICATE));
  }

  /** How many of its rows the answer has. */
  void taken(long so) {
    taken = so;
  }

  /** No more is wanted. */
  void close() {
    if (!settled) {
      settle(true);
      rows.close();
    }
  }

  /** What came of it, and of those that it asked. */
  List<PeerOutcome> outcomes() {
    var outcomes = new ArrayList<PeerOutcome>();
    PeerFailure why = failure;
    State state =
        why == null
            ? settled ? State.OK : State.PARTIAL
            : taken > 0 && why.state() != State.DUPLICATE ? State.PARTIAL : why.state();
    outcomes.add(
        new PeerOutcome(
            book.cluster(), state, taken, why == null ? "" : String.valueOf(why.getMessage())));
    outcomes.addAll(rows.others());
    return outcomes;
  }
}
