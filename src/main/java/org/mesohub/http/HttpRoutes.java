package org.mesohub.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The paths that the node serves by plain HTTP. */
public final class HttpRoutes {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private static final String ABOUT =
      """
      This is a Mesohub node: a distributed store for surface weather observations.

      On this port:
        gRPC   mesohub.v1.ObservationService       the typed interface
               grpcComm.CommunicationService       the contract of 2018
               grpc.health.v1.Health, grpc.reflection.v1 and v1alpha
        HTTP   /health/live     200 while the process runs
               /health/ready    200 when the node can store and answer, else 503 with the reason
               /metrics         counters for Prometheus, unless metrics.enabled is false

      The README and docs/ of the Mesohub distribution say more.
      """;

  private final Vertx vertx;
  private final Readiness readiness;
  private final @Nullable PrometheusMeterRegistry registry;

  private HttpRoutes(Vertx vertx, Readiness readiness, @Nullable PrometheusMeterRegistry registry) {
    this.vertx = vertx;
    this.readiness = readiness;
    this.registry = registry;
  }

  /**
   * A router with all paths; what it does not know is 404 with a JSON body.
   *
   * @param registry null when metrics are not to be served
   */
  public static Router router(
      Vertx vertx, Readiness readiness, @Nullable PrometheusMeterRegistry registry) {
    var routes = new HttpRoutes(vertx, readiness, registry);
    Router router = Router.router(vertx);
    router.get("/").handler(HttpRoutes::about);
    router.get("/health/live").handler(rc -> json(rc, 200, new JsonObject().put("live", true)));
    router.get("/health/ready").handler(routes::ready);
    router.get("/metrics").handler(routes::metrics);
    router.errorHandler(404, rc -> error(rc, 404, "no such path; GET / lists what is here"));
    router.errorHandler(405, rc -> error(rc, 405, "this path takes GET only"));
    router.errorHandler(500, rc -> error(rc, 500, "internal error; the node's log has the cause"));
    return router;
  }

  private static void about(RoutingContext rc) {
    rc.response().putHeader("content-type", TEXT).end(ABOUT);
  }

  private void ready(RoutingContext rc) {
    readiness
        .check()
        .onSuccess(
            answer -> {
              var body = new JsonObject().put("ready", answer.ready());
              if (!answer.ready()) {
                body.put("reason", answer.reason());
              }
              json(rc, answer.ready() ? 200 : 503, body);
            });
  }

  /** Scraping formats every counter: work for a worker. */
  private void metrics(RoutingContext rc) {
    PrometheusMeterRegistry served = registry;
    if (served == null) {
      error(
          rc, 404, "metrics are switched off; set metrics.enabled to true and start the node anew");
      return;
    }
    vertx
        .executeBlocking(() -> served.scrape(), false)
        .onSuccess(text -> rc.response().putHeader("content-type", PROMETHEUS).end(text))
        .onFailure(rc::fail);
  }

  private static void error(RoutingContext rc, int code, String message) {
    json(rc, code, new JsonObject().put("error", message).put("path", rc.request().path()));
  }

  private static void json(RoutingContext rc, int code, JsonObject body) {
    rc.response()
        .setStatusCode(code)
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(body.toBuffer());
  }
}
