package org.mesohub.replication;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcHeaderNames;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.proto.internal.v1.ChunkServiceGrpcClient;
import org.mesohub.proto.internal.v1.DeleteChunksRequest;
import org.mesohub.proto.internal.v1.GetChunkRequest;
import org.mesohub.proto.internal.v1.ListChunksRequest;
import org.mesohub.proto.internal.v1.PresentRequest;
import org.mesohub.proto.internal.v1.PutChunksRequest;
import org.mesohub.proto.internal.v1.StatRequest;
import org.mesohub.routing.Breaker;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunks of another member, over one HTTP/2 connection to its internal port.
 *
 * <p>A member that does not answer is asked again after a pause only, and over a new connection: an
 * old one may take a minute to find out that a partition has healed. Meanwhile calls fail at once.
 * Everything runs on one event loop.
 */
final class PeerChunks implements Replica {
  private static final Logger LOG = LoggerFactory.getLogger(PeerChunks.class);

  /** First pause after a call without an answer, and the longest. */
  private static final long PAUSE_MIN_NANOS = 250_000_000L;

  private static final long PAUSE_MAX_NANOS = 4_000_000_000L;

  private final Vertx vertx;
  private final Context loop;
  private final Member member;
  private final HttpClientOptions options;
  private final ReplicationLimits limits;
  private final SocketAddress address;
  private final Breaker breaker = new Breaker(1, PAUSE_MIN_NANOS, PAUSE_MAX_NANOS);
  private @Nullable GrpcClient client;
  private long answeredNanos = System.nanoTime();
  private String lastFailure = "";
  private volatile boolean closed;

  PeerChunks(Vertx vertx, Member member, HttpClientOptions options, ReplicationLimits limits) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.member = member;
    this.options = options;
    this.limits = limits;
    this.address = SocketAddress.inetSocketAddress(member.internalPort(), member.host());
  }

  @Override
  public Member member() {
    return member;
  }

  @Override
  public Future<Void> put(long condemnEpoch, List<Blob> chunks) {
    var request = PutChunksRequest.newBuilder().setCondemnEpoch(condemnEpoch);
    chunks.forEach(chunk -> request.addChunks(Wire.chunk(chunk)));
    return call(ChunkServiceGrpcClient.Put, request.build()).mapEmpty();
  }

  @Override
  public Future<Void> replace(long condemnEpoch, Blob chunk) {
    var request =
        PutChunksRequest.newBuilder()
            .setCondemnEpoch(condemnEpoch)
            .addChunks(Wire.chunk(chunk))
            .setReplace(true);
    return call(ChunkServiceGrpcClient.Put, request.build()).mapEmpty();
  }

  @Override
  public Future<byte[]> get(ChunkId id, boolean healing) {
    var request = GetChunkRequest.newBuilder().setId(Wire.id(id)).setHealing(healing);
    return call(ChunkServiceGrpcClient.Get, request.build())
        .map(response -> response.getContent().toByteArray());
  }

  @Override
  public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
    return call(
            ChunkServiceGrpcClient.Present,
            PresentRequest.newBuilder().addAllIds(Wire.ids(ids)).build())
        .map(response -> new HashSet<>(Wire.ids(response.getIdsList())));
  }

  @Override
  public Future<Void> delete(long condemnEpoch, Collection<ChunkId> ids) {
    var request =
        DeleteChunksRequest.newBuilder().setCondemnEpoch(condemnEpoch).addAllIds(Wire.ids(ids));
    return call(ChunkServiceGrpcClient.Delete, request.build()).mapEmpty();
  }

  @Override
  public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
    var request = ListChunksRequest.newBuilder().setLimit(limit);
    if (after != null) {
      request.setAfter(Wire.id(after));
    }
    return call(ChunkServiceGrpcClient.List, request.build())
        .map(response -> Wire.ids(response.getIdsList()));
  }

  @Override
  public Future<ReplicaStat> stat() {
    return call(ChunkServiceGrpcClient.Stat, StatRequest.getDefaultInstance())
        .map(
            stat ->
                new ReplicaStat(
                    stat.getFreeBytes(),
                    stat.getCapacityBytes(),
                    stat.getUsedBytes(),
                    stat.getTakesChunks(),
                    stat.getProblem()));
  }

  /** Closes the connection; calls under way fail. */
  void close() {
    closed = true;
    loop.runOnContext(turn -> disconnect());
  }

  private <Q, R> Future<R> call(ServiceMethod<R, Q> method, Q message) {
    Promise<R> answer = Promise.promise();
    loop.runOnContext(turn -> begin(method, message, answer));
    return answer.future();
  }

  private <Q, R> void begin(ServiceMethod<R, Q> method, Q message, Promise<R> answer) {
    long begun = System.nanoTime();
    if (closed || !breaker.tryCall(begun)) {
      answer.fail(unreachable(closed ? "this node is shutting down" : lastFailure));
      return;
    }
    var sent =
        new Object() {
          @Nullable GrpcClientRequest<Q, R> request;
        };
    long timer =
        vertx.setTimer(
            limits.callMs(),
            id -> {
              GrpcClientRequest<Q, R> request = sent.request;
              if (request != null) {
                request.cancel();
              }
              String why = "no answer to " + method.methodName() + " in " + limits.callMs() + " ms";
              answer.tryFail(unreachable(why));
              silent(begun, why);
            });
    answer.future().onComplete(done -> vertx.cancelTimer(timer));
    connected()
        .request(address, method)
        .compose(
            request -> {
              if (answer.future().isComplete()) {
                request.cancel();
                return Future.failedFuture("too late");
              }
              sent.request = request;
              request.timeout(limits.callMs(), TimeUnit.MILLISECONDS);
              Future<R> received = request.response().compose(this::only);
              request.end(message);
              return received;
            })
        .onComplete(
            done -> {
              if (answer.future().isComplete()) {
                return;
              }
              if (done.succeeded()) {
                answered();
                answer.complete(done.result());
              } else if (done.cause() instanceof StoreException told) {
                answered();
                answer.fail(told);
              } else {
                String why = String.valueOf(done.cause().getMessage());
                answer.fail(unreachable(breaker.isOpen() ? lastFailure : why));
                silent(begun, why);
              }
            });
  }

  private <Q, R> Future<R> only(GrpcClientResponse<Q, R> response) {
    Promise<R> promise = Promise.promise();
    var last =
        new Object() {
          @Nullable R message;
        };
    response.handler(message -> last.message = message);
    response.exceptionHandler(promise::tryFail);
    response.endHandler(
        end -> {
          GrpcStatus status = response.status();
          R message = last.message;
          if (status == null || (status == GrpcStatus.OK && message == null)) {
            promise.tryFail("the connection ended before the answer did");
          } else if (status == GrpcStatus.OK && message != null) {
            promise.tryComplete(message);
          } else {
            promise.tryFail(Failures.told(member.id(), status, text(response)));
          }
        });
    return promise.future();
  }

  /** In the headers when nothing else came, else in the trailers, which stay encoded. */
  private static @Nullable String text(GrpcClientResponse<?, ?> response) {
    String text = response.statusMessage();
    String encoded = response.trailers().get(GrpcHeaderNames.GRPC_MESSAGE);
    return text != null || encoded == null
        ? text
        : URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private void answered() {
    answeredNanos = System.nanoTime();
    if (breaker.isOpen()) {
      LOG.info("member {} answers again", member.id());
    }
    breaker.succeeded();
  }

  /** Gives the member up for a while, unless it has answered another call meanwhile. */
  private void silent(long begunNanos, String why) {
    if (answeredNanos - begunNanos > 0) {
      return;
    }
    if (!breaker.isOpen()) {
      lastFailure = why; // of what fails afterwards, this is the cause
      LOG.warn("member {} does not answer at {}: {}", member.id(), address, why);
    }
    breaker.failed(System.nanoTime());
    disconnect();
  }

  private StoreException unreachable(String why) {
    return Failures.unavailable(
        "member " + member.id() + " does not answer at " + address + ": " + why);
  }

  private GrpcClient connected() {
    GrpcClient open = client;
    if (open == null) {
      open =
          GrpcClient.client(
              vertx,
              new GrpcClientOptions().setMaxMessageSize(ReplicationLimits.MESSAGE_BYTES_MAX),
              options);
      client = open;
    }
    return open;
  }

  private void disconnect() {
    GrpcClient open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }
}
