package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.tls.PeerTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The internal port, for the other nodes of the cluster only: calls that they relay to this node,
 * which answers them while it leads, and services that nodes have for each other. With certificates
 * nobody comes in but nodes of this cluster. Deploy one instance per event loop; they share the
 * port.
 */
public final class InternalServerVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(InternalServerVerticle.class);

  /** What a node may send on one stream before it is read, in bytes. */
  static final int STREAM_WINDOW_BYTES = 512 * 1024;

  /** Calls at once on one connection. */
  private static final int CONCURRENT_STREAMS_MAX = 1_000;

  /**
   * What a node may send on one connection before it is read, in bytes: as much as its streams
   * together, because they belong to different clients, and one that waits must not stop others.
   */
  static final int CONNECTION_WINDOW_BYTES = CONCURRENT_STREAMS_MAX * STREAM_WINDOW_BYTES;

  /** Largest request headers, in bytes: those of the public port and what a relay adds. */
  private static final int HEADER_BYTES_MAX = 24 * 1024;

  /** Resets of a relay that stands for many clients, in the window below. */
  private static final int RESETS_MAX = 100_000;

  /** Length of that window, in seconds. */
  private static final int RESETS_WINDOW_S = 10;

  private final GrpcOptions options;
  private final GrpcServices services;
  private final List<Service> further;
  private final PortGuard guard;
  private final Leadership leadership;
  private final @Nullable PeerTls tls;
  private volatile @Nullable HttpServer server;

  /**
   * @param options port 0 for any free one, and one instance then
   * @param services the public services, for relayed calls
   * @param further services of nodes for each other
   * @param guard shared by all instances of the port
   * @param tls null: plain text, for loopback only
   */
  public InternalServerVerticle(
      GrpcOptions options,
      GrpcServices services,
      List<Service> further,
      PortGuard guard,
      Leadership leadership,
      @Nullable PeerTls tls) {
    this.options = options;
    this.services = services;
    this.further = List.copyOf(further);
    this.guard = guard;
    this.leadership = leadership;
    this.tls = tls;
  }

  /** The port that is open, 0 when none is. */
  public int port() {
    HttpServer open = server;
    return open == null ? 0 : open.actualPort();
  }

  @Override
  public Future<?> start() {
    var all = new ArrayList<>(services.relayed(vertx));
    all.addAll(further);
    var grpc = new GrpcHandler(vertx, all, guard);
    vertx.setPeriodic(GrpcServerVerticle.SWEEP_MS, timer -> guard.connections().sweep());
    return vertx
        .createHttpServer(serverOptions())
        .connectionHandler(guard.connections()::opened)
        .requestHandler(request -> handle(request, grpc))
        .listen(options.port(), options.host())
        .onSuccess(
            open -> {
              server = open;
              LOG.debug("internal port host={} port={}", options.host(), open.actualPort());
            });
  }

  @Override
  public Future<?> stop() {
    HttpServer open = server;
    return open == null
        ? Future.succeededFuture()
        : open.shutdown(options.drainMillis(), TimeUnit.MILLISECONDS);
  }

  private void handle(HttpServerRequest request, GrpcHandler grpc) {
    guard.connections().requested(request);
    if (!GrpcHandler.isGrpc(request)) {
      request.response().setStatusCode(404).end("gRPC between nodes only\n");
    } else if (LeaderCall.at(request.path()) == null) {
      grpc.handle(request);
    } else if (!request.headers().contains(RelayHeaders.RELAYED)) {
      RawStatus.end(
          request,
          new ApiException(
              ApiException.Reason.UNAUTHENTICATED,
              "this port is for nodes of the cluster among themselves: call the public port"));
    } else if (!leadership.isSelf()) {
      RawStatus.end(
          request,
          GrpcStatus.UNAVAILABLE,
          "the leader has moved while the call was on its way to it; nothing was stored, try again",
          Map.of());
    } else {
      grpc.handle(request);
    }
  }

  private HttpServerOptions serverOptions() {
    var http =
        new HttpServerOptions()
            .setInitialSettings(
                new Http2Settings()
                    .setInitialWindowSize(STREAM_WINDOW_BYTES)
                    .setMaxConcurrentStreams(CONCURRENT_STREAMS_MAX)
                    .setMaxHeaderListSize(HEADER_BYTES_MAX))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
            .setHttp2RstFloodMaxRstFramePerWindow(RESETS_MAX)
            .setHttp2RstFloodWindowDuration(RESETS_WINDOW_S)
            .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setIdleTimeout((int) guard.limits().firstRequestMillis())
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    if (tls != null) {
      tls.secure(http);
    }
    return http;
  }
}
