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
 * Rows of another cluster, as they come, checked and under its name. A few messages wait here;
 * beyond that flow control holds the peer back. Belongs to the context that asked. Failures are
 * {@link PeerFailure}s.
 */
final class PeerRows implements AskedRows {
  /** Messages asked for ahead; the library holds some more. */
  private static final int READ_AHEAD = 3;

  private final String peer;
  private final AnswerCheck check;
  private final WorkerExecutor workers;
  private final AnswerSources sources;
  private final Patience patience;
  private final Queue<AnswerMessage> arrived = new ArrayDeque<>();
  private @Nullable GrpcClientRequest<?, ?> request;
  private @Nullable GrpcClientResponse<?, AnswerMessage> response;
  private List<Column> columns = List.of();
  private List<PeerOutcome> others = List.of();
  private @Nullable Promise<@Nullable AnswerMessage> waiting;
  private @Nullable PeerFailure failure;
  private boolean ended;
  private boolean whole;
  private boolean closed;

  /**
   * @param sources is told where the rows come from
   */
  PeerRows(
      String peer,
      AnswerCheck check,
      WorkerExecutor workers,
      AnswerSources sources,
      Patience patience) {
    this.peer = peer;
    this.check = check;
    this.workers = workers;
    this.sources = sources;
    this.patience = patience;
  }

  /**
   * Asks; completes when the peer begins to answer.
   *
   * @param deadline of the client; null: there is none
   */
  Future<Void> begin(PeerClient client, RelayedQuery query, @Nullable Duration deadline) {
    return patience
        .await(
            client
                .<org.mesohub.proto.v1.RelayedQuery, AnswerMessage>open(
                    AnswerMessage.of(FederationServiceGrpcClient.Query))
                .compose(opened -> ask(opened, query, deadline).mapEmpty()),
            "it has not begun to answer")
        .compose(begun -> message())
        .map(this::header)
        .mapEmpty();
  }

  private QueryHeader header(@Nullable AnswerMessage first) {
    QueryHeader header = first == null ? null : first.header();
    if (header == null) {
      throw new PeerFailure(State.REFUSED, "its answer has no header");
    }
    columns = BatchCodec.columns(header.getColumnsList());
    return header;
  }

  private Future<?> ask(
      GrpcClientRequest<org.mesohub.proto.v1.RelayedQuery, AnswerMessage> opened,
      RelayedQuery query,
      @Nullable Duration deadline) {
    request = opened;
    if (closed) {
      opened.cancel();
      return Future.failedFuture(given());
    }
    if (deadline != null) {
      opened.timeout(Math.max(1, deadline.toMillis()), TimeUnit.MILLISECONDS);
    }
    Future<?> answering = opened.response().map(this::listen);
    opened.end(FederationCodec.write(query));
    return answering;
  }

  private GrpcClientResponse<?, AnswerMessage> listen(
      GrpcClientResponse<org.mesohub.proto.v1.RelayedQuery, AnswerMessage> answer) {
    response = answer;
    answer.pause();
    answer.handler(this::arrived);
    answer.exceptionHandler(e -> over(PeerClient.failure(e)));
    answer.errorHandler(
        error -> over(new PeerFailure(State.UNREACHABLE, "it reset the call: " + error)));
    answer.endHandler(end -> over(PeerClient.failure(answer)));
    answer.fetch(READ_AHEAD);
    return answer;
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public List<PeerOutcome> others() {
    return others;
  }

  @Override
  public Future<@Nullable AnswerBatch> next() {
    Promise<@Nullable AnswerBatch> promise = Promise.promise();
    step(promise);
    return promise.future();
  }

  /** One message after another, until there are rows that are wanted. */
  private void step(Promise<@Nullable AnswerBatch> promise) {
    message()
        .onComplete(
            message -> {
              if (message == null) {
                end(promise);
              } else if (message.isBatch()) {
                rows(message, promise);
              } else {
                take(message.end());
                step(promise);
              }
            },
            promise::tryFail);
  }

  private void end(Promise<@Nullable AnswerBatch> promise) {
    if (whole) {
      promise.tryComplete(null);
    } else {
      promise.tryFail(new PeerFailure(State.PARTIAL, "its answer ended without an end"));
    }
  }

  private void take(@Nullable QueryEnd end) {
    if (end == null) {
      return;
    }
    whole = true;
    others = FederationCodec.outcomes(end.getPeersList());
    sources.include(
        end.getSourcesList().stream()
            .map(s -> new Source(named(s.getCluster()), s.getSource(), s.getLicence()))
            .toList(),
        end.getMoreSources());
  }

  private void rows(AnswerMessage message, Promise<@Nullable AnswerBatch> promise) {
    workers
        .executeBlocking(
            () -> {
              AnswerBatch batch = named(message.batch(columns));
              sources.add(batch.origins());
              return check.wanted(batch);
            },
            false)
        .onComplete(
            batch -> {
              if (batch == null) {
                step(promise);
              } else {
                promise.tryComplete(batch);
              }
            },
            e -> promise.tryFail(lie(e)));
  }

  private static PeerFailure lie(Throwable e) {
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
      more();
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
    return patience.await(promise.future(), "no more rows came");
  }

  private void more() {
    GrpcClientResponse<?, AnswerMessage> answer = response;
    if (answer != null) {
      answer.fetch(1);
    }
  }

  private void arrived(AnswerMessage message) {
    Promise<@Nullable AnswerMessage> promise = waiting;
    waiting = null;
    if (promise == null) {
      arrived.add(message);
    } else {
      more();
      promise.tryComplete(message);
    }
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
        promise.tryComplete(null);
      } else {
        promise.tryFail(why);
      }
    }
  }

  private static PeerFailure given() {
    return new PeerFailure(State.PARTIAL, "no more of it was wanted");
  }

  @Override
  public void close() {
    closed = true;
    GrpcClientRequest<?, ?> opened = request;
    boolean running = !ended;
    over(given()); // before cancelling, which tells of itself
    if (running && opened != null) {
      opened.cancel();
    }
  }
}
