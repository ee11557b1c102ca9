package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.Backups;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutSession;
import org.mesohub.api.Reach;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.routing.Scope;
import org.mesohub.store.RejectStore.Rejected;

/** A node whose reads may ask other clusters as well; all else is the node's own. */
final class FederatedNode implements NodeApi {
  /** A count of other clusters' rows has them merged by key, with one column to go with the key. */
  private static final List<String> ONE_VARIABLE = List.of("air_temperature");

  private final NodeApi local;
  private final ForwardingVerticle federation;
  private final Reach reach;

  FederatedNode(NodeApi local, ForwardingVerticle federation) {
    this(local, federation, Reach.LOCAL);
  }

  private FederatedNode(NodeApi local, ForwardingVerticle federation, Reach reach) {
    this.local = local;
    this.federation = federation;
    this.reach = reach;
  }

  @Override
  public NodeApi reaching(Reach other) {
    return new FederatedNode(local, federation, other);
  }

  @Override
  public NodeApi allowing(Duration staleness) {
    return new FederatedNode(local.allowing(staleness), federation, reach);
  }

  @Override
  public Future<AnswerStream> query(Query query) {
    boolean past = query.history() || query.asOfCommit() != 0;
    if (past && reach.scope() == Scope.ALL) {
      return Future.failedFuture(ownHistory());
    }
    return past || reach.scope() == Scope.LOCAL
        ? local.query(query)
        : federation.ask(local, query, Order.KEYS, reach);
  }

  @Override
  public Future<AnswerStream> latest(Query query) {
    return reach.scope() == Scope.LOCAL
        ? local.latest(query)
        : federation.ask(local, query, Order.STATIONS, reach);
  }

  @Override
  public Future<Counted> count(Selection selection, long asOfCommit) {
    if (asOfCommit != 0 && reach.scope() == Scope.ALL) {
      return Future.failedFuture(ownHistory());
    }
    if (reach.scope() == Scope.LOCAL || asOfCommit != 0) {
      return local.count(selection, asOfCommit);
    }
    var query = new Query(selection, ONE_VARIABLE, "source", 0, false, 0);
    return federation
        .ask(local, query, Order.KEYS, reach)
        .compose(
            answer -> {
              if (answer.peers().isEmpty()) {
                answer.close();
                return local.count(selection, 0);
              }
              Promise<Counted> promise = Promise.promise();
              count(answer, 0, promise);
              return promise.future();
            });
  }

  /** One batch after another. */
  private static void count(AnswerStream answer, long before, Promise<Counted> promise) {
    answer
        .next(batch -> batch.rows().rows())
        .onComplete(
            rows -> {
              if (rows == null) {
                promise.tryComplete(new Counted(before, answer.header().commit(), answer.peers()));
              } else {
                count(answer, before + rows, promise);
              }
            },
            promise::tryFail);
  }

  private static ApiException ownHistory() {
    return new ApiException(
        Reason.INVALID, "scope: history and commits are each cluster's own; ask with scope local");
  }

  @Override
  public PutSession put(PutOptions options) {
    return local.put(options);
  }

  @Override
  public Future<DeleteOutcome> delete(
      Selection selection, PutOptions.@Nullable Token token, boolean dryRun, String principal) {
    return local.delete(selection, token, dryRun, principal);
  }

  @Override
  public Future<List<StationInfo>> stations(Selection selection) {
    return local.stations(selection);
  }

  @Override
  public Future<List<Map.Entry<Day, DayEntry>>> days(TimeRange range) {
    return local.days(range);
  }

  @Override
  public Future<List<Rejected>> rejects(@Nullable String putId, int limit) {
    return local.rejects(putId, limit);
  }

  @Override
  public Future<CompactOutcome> compact() {
    return local.compact();
  }

  @Override
  public Future<ScrubStatus> scrub(boolean start) {
    return local.scrub(start);
  }

  @Override
  public Selection canonical(Selection selection) {
    return local.canonical(selection);
  }

  @Override
  public Backups backups() {
    return local.backups();
  }

  @Override
  public Future<NodeStatus> status() {
    return local.status();
  }

  @Override
  public Future<Void> ready() {
    return local.ready();
  }
}
