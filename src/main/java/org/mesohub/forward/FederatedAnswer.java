package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.PeerOutcome;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerHeader;
import org.mesohub.query.AnswerMerge;
import org.mesohub.query.AnswerSources;
import org.mesohub.query.Query;

/**
 * The answers of this cluster and of others as one: rows are asked for, in parallel, as they are
 * wanted. Belongs to one context; merging happens on workers.
 */
final class FederatedAnswer implements AnswerStream {
  private final AnswerStream local;
  private final LocalRows localRows;
  private final List<PeerAsk> asked;
  private final List<PeerAsk> answering;
  private final AnswerMerge merge;
  private final AnswerHeader header;
  private final boolean stamped;
  private final WorkerExecutor workers;
  private @Nullable Future<Void> filling;
  private long left;
  private boolean ended;
  private boolean closed;

  /**
   * @param asked peers that have begun to answer or have been given up
   */
  FederatedAnswer(
      AnswerStream local,
      List<PeerAsk> asked,
      AnswerMerge.Order order,
      Query query,
      FederationSettings settings,
      WorkerExecutor workers) {
    this.local = local;
    this.localRows = new LocalRows(local, settings.cluster());
    this.asked = asked;
    this.answering = asked.stream().filter(PeerAsk::hasRows).toList();
    this.workers = workers;
    this.stamped = query.stamped();
    this.left = query.limit() == 0 ? Long.MAX_VALUE : query.limit();
    var headers = new ArrayList<List<org.mesohub.observation.Column>>();
    headers.add(localRows.columns());
    answering.forEach(peer -> headers.add(peer.rows().columns()));
    this.merge = new AnswerMerge(order, headers, query.variables(), settings.owned());
    this.header = new AnswerHeader(local.header().commit(), merge.columns());
  }

  @Override
  public AnswerHeader header() {
    return header;
  }

  @Override
  public AnswerSources sources() {
    return local.sources();
  }

  @Override
  public List<PeerOutcome> peers() {
    var outcomes = new ArrayList<PeerOutcome>();
    for (int i = 0; i < answering.size(); i++) {
      answering.get(i).taken(merge.taken(i + 1));
    }
    asked.forEach(peer -> outcomes.addAll(peer.outcomes()));
    return outcomes;
  }

  @Override
  public <T> Future<@Nullable T> next(Function<AnswerBatch, T> encode) {
    if (ended || closed) {
      return Future.succeededFuture(null);
    }
    Future<Void> filled = filling == null ? fill() : filling;
    filling = null;
    return filled
        .compose(full -> workers.executeBlocking(() -> merged(encode), false))
        .transform(
            (value, failure) -> {
              if (failure != null) {
                close();
                return Future.failedFuture(failure);
              }
              if (value == null || left == 0) {
                ended = true;
                close();
              } else if (!closed) {
                filling = fill();
              }
              return Future.succeededFuture(value);
            });
  }

  private <T> @Nullable T merged(Function<AnswerBatch, T> encode) {
    AnswerBatch batch = merge.next();
    if (batch == null) {
      return null;
    }
    if (batch.rows().rows() > left) {
      batch = batch.first((int) left);
    }
    left -= batch.rows().rows();
    return encode.apply(
        stamped ? batch : new AnswerBatch(batch.rows(), batch.flags(), List.of(), null));
  }

  /** Gets rows of all that have none at hand. */
  private Future<Void> fill() {
    var coming = new ArrayList<Future<?>>();
    for (int source : merge.wants()) {
      Future<@Nullable AnswerBatch> next =
          source == 0 ? localRows.next() : answering.get(source - 1).next();
      coming.add(
          next.onSuccess(
              batch -> {
                if (batch == null) {
                  merge.end(source);
                } else {
                  merge.give(source, batch);
                }
              }));
    }
    return coming.isEmpty() ? Future.succeededFuture() : Future.join(coming).mapEmpty();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (int i = 0; i < answering.size(); i++) {
      answering.get(i).taken(merge.taken(i + 1));
    }
    localRows.close();
    asked.forEach(PeerAsk::close);
  }
}
