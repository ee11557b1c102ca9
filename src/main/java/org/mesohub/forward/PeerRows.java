package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PeerOutcome;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.api.RelayedQuery;
import org.mesohub.grpc.AnswerMessage;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.grpc.FederationCodec;
import org.mesohub.observation.Column;
import org.mesohub.proto.v1.FederationServiceGrpcClient;
import org.mesohub.proto.v1.QueryEnd;
import org.mesohub.proto.v1.QueryHeader;
import org.mesohub.query.AnswerBatch;
import org.mesohub.query.AnswerCheck;
import org.mesohub.query.AnswerSources;
import org.mesohub.query.AnswerSources.Source;
import org.mesohub.segment.Origin;

/**
 * Rows of another cluster, as they come, checked and under its name. At most {@link #READ_AHEAD}
 * messages wait here; beyond that flow control holds the peer back. Belongs to the context that
 * asked.
 */
final class PeerRows implements RowSource {
  private static final int READ_AHEAD = 3;

  private final String peer;
  private final GrpcClientRequest<org.mesohub.proto.v1.RelayedQuery, AnswerMessage> request;
  private final GrpcClientResponse<org.mesohub.proto.v1.RelayedQuery, AnswerMessage> response;
  private final AnswerCheck check;
  private final WorkerExecutor workers;
  private final Queue<AnswerMessage> arrived = new ArrayDeque<>();
  private final AnswerSources sources;
  private List<Column> columns = List.of();
  private List<PeerOutcome> others = List.of();
  private @Nullable Promise<@Nullable AnswerMessage> waiting;
  private @Nullable PeerFailure failure;
  private boolean ended;
  private boolean whole;
  private long version;

  private PeerRows(
      String peer,
      GrpcClientRequest<org.mesohub.proto.v1.RelayedQuery, AnswerMessage> request,
      GrpcClientResponse<org.mesohub.proto.v1.RelayedQuery, AnswerMessage> response,
      AnswerCheck check,
      WorkerExecutor workers,
      AnswerSources sources) {
    this.peer = peer;
    this.request = request;
    this.response = response;
    this.check = check;
    this.workers = workers;
    this.sources = sources;
    response.pause();
    response.handler(this::arrived);
    response.exceptionHandler(e -> over(PeerClient.failure(e)));
    response.endHandler(end -> over(PeerClient.failure(response)));
    response.fetch(READ_AHEAD);
  }

  /**
   * Asks a peer; gives its rows when it begins to answer. Failures are {@link PeerFailure}s.
   *
   * @param sources is told where the rows come from
   * @param deadline of the call
   */
  static Future<PeerRows> ask(
      PeerClient client,
      String peer,
      RelayedQuery query,
      AnswerCheck check,
      WorkerExecutor workers,
      AnswerSources sources,
      Duration deadline) {
    return client
        .<org.mesohub.proto.v1.RelayedQuery, AnswerMessage>open(
            AnswerMessage.of(FederationServiceGrpcClient.Query))
        .compose(
            request -> {
              request.timeout(Math.max(1, deadline.toMillis()), TimeUnit.MILLISECONDS);
              Future<PeerRows> rows =
                  request
                      .response()
                      .map(answer -> new PeerRows(peer, request, answer, check, workers, sources))
                      .recover(e -> Future.failedFuture(PeerClient.failure(e)))
                      .compose(PeerRows::header);
              request.end(FederationCodec.write(query));
              return rows;
            });
  }

  private Future<PeerRows> header() {
    return message()
        .map(
            first -> {
              QueryHeader header = first == null ? null : first.header();
              if (header == null) {
                request.cancel();
                throw new PeerFailure(State.REFUSED, "its answer has no header");
              }
              columns = BatchCodec.columns(header.getColumnsList());
              version = header.getCommit();
              return this;
            });
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  /** Commit of the peer that is read. */
  long version() {
    return version;
  }

  /** What came of clusters that the peer asked; complete at the end. */
  List<PeerOutcome> others() {
    return others;
  }

  @Override
  public Future<@Nullable AnswerBatch> next() {
    return message().compose(this::rows);
  }

  private Future<@Nullable AnswerBatch> rows(@Nullable AnswerMessage message) {
    if (message == null) {
      return whole
          ? Future.succeededFuture(null)
          : Future.failedFuture(new PeerFailure(State.PARTIAL, "its answer ended without an end"));
    }
    if (!message.isBatch()) {
      QueryEnd end = message.end();
      if (end != null) {
        whole = true;
        others = FederationCodec.outcomes(end.getPeersList());
        sources.include(
            end.getSourcesList().stream()
                .map(s -> new Source(named(s.getCluster()), s.getSource(), s.getLicence()))
                .toList(),
            end.getMoreSources());
      }
      return next();
    }
    return workers
        .executeBlocking(() -> check.wanted(named(message.batch(columns))), false)
        .recover(e -> Future.failedFuture(lie(e)))
        .compose(batch -> batch == null ? next() : Future.succeededFuture(batch));
  }

  private PeerFailure lie(Throwable e) {
    request.cancel();
    return e instanceof ApiException || e instanceof IllegalArgumentException
        ? new PeerFailure(State.PARTIAL, "its answer is wrong: " + e.getMessage())
        : new PeerFailure(State.PARTIAL, "its answer could not be read: " + e);
  }

  private String named(String cluster) {
    return cluster.isEmpty() ? peer : cluster;
  }

  private AnswerBatch named(AnswerBatch batch) {
    return batch.origin() == null
        ? batch
        : new AnswerBatch(
            batch.rows(), batch.flags(), named(batch.origins(), peer), batch.origin());
  }

  /** Origins of the cluster that answers under its name. */
  static List<Origin> named(List<Origin> origins, String answering) {
    var named = new ArrayList<Origin>(origins.size());
    for (Origin origin : origins) {
      named.add(
          origin.cluster().isEmpty()
              ? new Origin(
                  origin.commit(),
                  answering,
                  origin.originCommit(),
                  origin.originTimeMicros(),
                  origin.source(),
                  origin.licence())
              : origin);
    }
    return named;
  }

  /** The next message; null at the end. */
  private Future<@Nullable AnswerMessage> message() {
    AnswerMessage next = arrived.poll();
    if (next != null) {
      response.fetch(1);
      return Future.succeededFuture(next);
    }
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    if (ended) {
      return Future.succeededFuture(null);
    }
    Promise<@Nullable AnswerMessage> promise = Promise.promise();
    waiting = promise;
    return promise.future();
  }

  private void arrived(AnswerMessage message) {
    Promise<@Nullable AnswerMessage> promise = waiting;
    if (promise == null) {
      arrived.add(message);
      return;
    }
    waiting = null;
    response.fetch(1);
    promise.complete(message);
  }

  private void over(@Nullable PeerFailure why) {
    if (ended) {
      return;
    }
    ended = true;
    failure = why;
    Promise<@Nullable AnswerMessage> promise = waiting;
    waiting = null;
    if (promise != null) {
      if (why == null) {
        promise.complete(null);
      } else {
        promise.fail(why);
      }
    }
  }

  @Override
  public void close() {
    if (!ended) {
      request.cancel();
      over(new PeerFailure(State.PARTIAL, "no more of it was wanted"));
    }
  }
}
