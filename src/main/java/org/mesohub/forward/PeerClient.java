package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcErrorException;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.forward.FederationSettings.Dial;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.mesohub.forward.FederationSettings.Peer;
import org.mesohub.grpc.StatusText;
import org.mesohub.tls.ClusterTrust;
import org.mesohub.tls.PublicTls;

/**
 * Calls to the public ports of another cluster: at the endpoint that worked last, else at the next.
 * Callable from any context; each call stays on the one it was opened on.
 */
final class PeerClient {
  /** Largest message taken, in bytes: 65,536 rows with many columns. */
  private static final long MESSAGE_BYTES_MAX = 16L << 20;

  private static final int STREAM_WINDOW_BYTES = 1 << 20;

  /** Answers that nobody reads must not stop others: all streams at once fit in here. */
  private static final int CONNECTION_WINDOW_BYTES =
      (PeerBook.QUERIES_MAX + 2) * STREAM_WINDOW_BYTES;

  private static final int CONNECT_MS = 2_000;

  private final Peer peer;
  private final @Nullable PublicTls identity;
  private final Vertx vertx;
  private volatile GrpcClient client;
  private final AtomicInteger current = new AtomicInteger();

  /**
   * @param identity what is shown to a peer that asks for a certificate; null: nothing
   */
  PeerClient(Vertx vertx, Peer peer, @Nullable PublicTls identity) {
    this.peer = peer;
    this.identity = identity;
    this.vertx = vertx;
    this.client = connect();
  }

  private GrpcClient connect() {
    var http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setTcpNoDelay(true)
            .setConnectTimeout(CONNECT_MS)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
    ClusterTrust trust = peer.tls();
    if (trust != null) {
      // Whoever dials in is called at a port of this machine.
      trust.secure(http, identity, peer.dial() != Dial.IN);
    }
    return GrpcClient.client(
        vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX), http);
  }

  /**
   * Makes further calls over a new connection: the one before may lead nowhere any more.
   *
   * @param graceMillis how long calls that are under way may go on
   */
  void renew(long graceMillis) {
    GrpcClient before = client;
    client = connect();
    if (graceMillis == 0) {
      before.close();
    } else {
      vertx.setTimer(graceMillis, over -> before.close());
    }
  }

  /** The endpoint that is called now. */
  Endpoint endpoint() {
    return peer.endpoints().get(Math.floorMod(current.get(), peer.endpoints().size()));
  }

  /** The endpoint that was called did not do: the next is called, unless it is already. */
  void avoid(Endpoint failed) {
    int now = current.get();
    if (peer.endpoints().get(Math.floorMod(now, peer.endpoints().size())).equals(failed)) {
      current.compareAndSet(now, now + 1);
    }
  }

  /** Opens a call, at the first endpoint that can be reached. */
  <Q, R> Future<GrpcClientRequest<Q, R>> open(ServiceMethod<R, Q> method) {
    return open(method, peer.endpoints().size());
  }

  private <Q, R> Future<GrpcClientRequest<Q, R>> open(ServiceMethod<R, Q> method, int attempts) {
    int now = current.get();
    Endpoint at = endpoint();
    return client
        .<Q, R>request(SocketAddress.inetSocketAddress(at.port(), at.host()), method)
        .map(
            request -> {
              String token = peer.token();
              if (token != null) {
                request.headers().set("authorization", "Bearer " + token);
              }
              return request;
            })
        .recover(
            e -> {
              current.compareAndSet(now, now + 1);
              return attempts > 1
                  ? open(method, attempts - 1)
                  : Future.failedFuture(
                      new PeerFailure(
                          State.UNREACHABLE, "nothing answers at " + at + ": " + e.getMessage()));
            });
  }

  /** What the end of a response says; null when all went well. */
  static @Nullable PeerFailure failure(GrpcClientResponse<?, ?> response) {
    GrpcStatus status = response.status();
    if (status == GrpcStatus.OK) {
      return null;
    }
    return status == null
        ? new PeerFailure(State.UNREACHABLE, "the connection ended before the answer did")
        : failure(status, StatusText.of(response));
  }

  /** What a broken call means. */
  static PeerFailure failure(Throwable e) {
    if (e instanceof PeerFailure known) {
      return known;
    }
    if (e instanceof ApiException wrong) {
      return new PeerFailure(State.REFUSED, "its answer is wrong: " + wrong.getMessage());
    }
    return e instanceof GrpcErrorException stated
        ? failure(stated.status(), "it reset the call")
        : new PeerFailure(State.UNREACHABLE, "the connection was lost: " + e.getMessage());
  }

  private static PeerFailure failure(GrpcStatus status, String text) {
    State state =
        switch (status) {
          case UNAVAILABLE -> State.UNREACHABLE;
          case DEADLINE_EXCEEDED -> State.TIMEOUT;
          case ALREADY_EXISTS -> State.DUPLICATE;
          default -> State.REFUSED;
        };
    return new PeerFailure(state, status.name() + ": " + text);
  }
}
