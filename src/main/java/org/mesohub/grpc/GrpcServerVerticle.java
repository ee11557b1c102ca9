package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public port: gRPC and plain HTTP on one HTTP server, told apart by content type. Deploy one
 * instance per event loop; they share the port.
 */
public final class GrpcServerVerticle extends VerticleBase {
  /**
   * What a client may send on one stream before it is read, in bytes: a small window makes uploads
   * slow, a large one takes heap for every put that waits.
   */
  private static final int STREAM_WINDOW_BYTES = 1024 * 1024;

  /** What a client may send on one connection before it is read, in bytes. */
  private static final int CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;

  /**
   * Largest frame that clients may send, in bytes: each walks through all layers on the event loop,
   * and in the usual 16 KiB a file took a third more of the node's time.
   */
  private static final int FRAME_BYTES_MAX = 64 * 1024;

  /** Calls at once on one connection. */
  private static final int CONCURRENT_STREAMS_MAX = 1_000;

  /** Largest request headers, in bytes. */
  private static final int HEADER_BYTES_MAX = 16 * 1024;

  /** Connections that wait to be accepted. */
  private static final int ACCEPT_BACKLOG = 1_024;

  /** Pause between two looks for connections that take too long, in milliseconds. */
  static final long SWEEP_MS = 500;

  /**
   * Resets that a connection may send in a window before it is taken for a flood; cancelling many
   * reads is normal use.
   */
  private static final int RESETS_MAX = 5_000;

  /** Length of that window, in seconds. */
  private static final int RESETS_WINDOW_S = 10;

  /** Vert.x's way to ask for any free port that the instances of one deployment share. */
  private static final int ANY_PORT = -1;

  /**
   * Where the path of all calls but those of the contract of 2018, health and reflection begins.
   */
  private static final String OWN_PACKAGE = "/mesohub.";

  private static final Logger LOG = LoggerFactory.getLogger(GrpcServerVerticle.class);

  private final GrpcOptions options;
  private final GrpcServices services;
  private final PortGuard guard;
  private final Handler<HttpServerRequest> plain;
  private final @Nullable RelayOptions relaying;
  private volatile @Nullable Relay relay;
  private volatile @Nullable HttpServer server;

  /**
   * @param guard shared by all instances of the port
   * @param plain takes what is not gRPC
   */
  public GrpcServerVerticle(
      GrpcOptions options,
      GrpcServices services,
      PortGuard guard,
      Handler<HttpServerRequest> plain) {
    this(options, services, guard, plain, null);
  }

  /**
   * @param guard shared by all instances of the port
   * @param plain takes what is not gRPC
   * @param relaying how calls reach the leader; null: this node answers all
   */
  public GrpcServerVerticle(
      GrpcOptions options,
      GrpcServices services,
      PortGuard guard,
      Handler<HttpServerRequest> plain,
      @Nullable RelayOptions relaying) {
    this.options = options;
    this.services = services;
    this.guard = guard;
    this.plain = plain;
    this.relaying = relaying;
  }

  /** The port that is open, 0 when none is. */
  public int port() {
    HttpServer open = server;
    return open == null ? 0 : open.actualPort();
  }

  @Override
  public Future<?> start() {
    var served = options.contractOnly() ? services.contract(vertx) : services.services(vertx);
    var local = new GrpcHandler(vertx, served, guard);
    Handler<HttpServerRequest> calls = local;
    if (relaying != null) {
      var made = new Relay(vertx, relaying, services.principals(), services.metrics(), local);
      relay = made;
      calls = made::handle;
    }
    Handler<HttpServerRequest> grpc = calls;
    vertx.setPeriodic(SWEEP_MS, timer -> guard.connections().sweep());
    return vertx
        .createHttpServer(serverOptions(options, guard.limits()))
        .connectionHandler(guard.connections()::opened)
        .requestHandler(request -> handle(request, grpc))
        .listen(options.port() == 0 ? ANY_PORT : options.port(), options.host())
        .onSuccess(
            open -> {
              server = open;
              LOG.debug("listening host={} port={}", options.host(), open.actualPort());
            });
  }

  /** Takes no new calls, lets running ones finish for a while, then closes. */
  @Override
  public Future<?> stop() {
    services.readiness().stopping();
    HttpServer open = server;
    Future<Void> closed =
        open == null
            ? Future.succeededFuture()
            : open.shutdown(options.drainMillis(), TimeUnit.MILLISECONDS);
    Relay made = relay;
    return made == null ? closed : closed.eventually(made::close);
  }

  private void handle(HttpServerRequest request, Handler<HttpServerRequest> grpc) {
    guard.connections().requested(request);
    if (!GrpcHandler.isGrpc(request)) {
      if (options.contractOnly()) {
        request.response().setStatusCode(404).end("gRPC only\n");
      } else {
        plain.handle(request);
      }
      return;
    }
    String forged = RelayHeaders.forged(request.headers());
    if (forged == null && options.contractOnly() && request.path().startsWith(OWN_PACKAGE)) {
      RawStatus.end(
          request,
          GrpcStatus.UNIMPLEMENTED,
          "this port serves the contract of 2018 only: call the one that speaks TLS",
          Map.of());
    } else if (forged == null) {
      grpc.handle(certified(request));
    } else {
      RawStatus.end(
          request,
          new ApiException(
              ApiException.Reason.FORBIDDEN,
              "the header "
                  + forged
                  + " is for nodes among themselves and not believed on this port: leave it out"));
    }
  }

  /** The request with the name of the cluster that calls, if its certificate tells. */
  private HttpServerRequest certified(HttpServerRequest request) {
    GrpcOptions.Tls tls = options.tls();
    String cluster =
        tls == null ? null : tls.callers().clusterOf(request.connection().sslSession());
    return cluster == null ? request : new CertifiedRequest(request, cluster);
  }

  private static HttpServerOptions serverOptions(GrpcOptions options, PortLimits limits) {
    HttpServerOptions http = serverOptions(limits);
    GrpcOptions.Tls tls = options.tls();
    if (tls != null) {
      tls.identity().secure(http, tls.callers());
    }
    return http;
  }

  private static HttpServerOptions serverOptions(PortLimits limits) {
    return new HttpServerOptions()
        .setInitialSettings(
            new Http2Settings()
                .setInitialWindowSize(STREAM_WINDOW_BYTES)
                .setMaxFrameSize(FRAME_BYTES_MAX)
                .setMaxConcurrentStreams(CONCURRENT_STREAMS_MAX)
                .setMaxHeaderListSize(HEADER_BYTES_MAX))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
        .setHttp2RstFloodMaxRstFramePerWindow(RESETS_MAX)
        .setHttp2RstFloodWindowDuration(RESETS_WINDOW_S)
        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
        .setMaxHeaderSize(HEADER_BYTES_MAX)
        .setAcceptBacklog(ACCEPT_BACKLOG)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setIdleTimeout((int) limits.firstRequestMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }
}
