package org.mesohub.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/**
 * Owns the plain HTTP side of the node: the router with health and metrics. It opens no port: the
 * gRPC server mounts it on the public one, because one port is all that firewalls, load balancers
 * and probes then need to know, and both speak HTTP anyway. Thread-safe as a handler.
 */
public final class HttpVerticle extends VerticleBase implements Handler<HttpServerRequest> {
  private final Readiness readiness;
  private final @Nullable PrometheusMeterRegistry registry;
  private volatile @Nullable Router router;

  /**
   * @param registry null when metrics are not to be served
   */
  public HttpVerticle(Readiness readiness, @Nullable PrometheusMeterRegistry registry) {
    this.readiness = readiness;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    router = HttpRoutes.router(vertx, readiness, registry);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    readiness.stopping();
    router = null;
    return Future.succeededFuture();
  }

  /** Serves a request; 503 while the verticle is not deployed. */
  @Override
  public void handle(HttpServerRequest request) {
    Router current = router;
    if (current == null) {
      request.response().setStatusCode(503).end();
    } else {
      current.handle(request);
    }
  }
}
