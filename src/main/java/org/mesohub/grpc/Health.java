package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import io.vertx.grpc.health.v1.HealthProto;
import io.vertx.grpc.server.Service;
import java.util.Set;
import org.mesohub.api.ApiException;
import org.mesohub.http.Readiness;

/**
 * {@code grpc.health.v1.Health} over the node's readiness, open to everybody. The messages are
 * those of vertx-grpc-health; its own service always reports the server as a whole as serving and
 * does not notice watchers that left.
 */
final class Health {
  /** How often a watch looks, in milliseconds. */
  private static final long WATCH_MS = 1_000;

  private final Vertx vertx;
  private final Readiness readiness;
  private final Set<String> services;

  private Health(Vertx vertx, Readiness readiness, Set<String> services) {
    this.vertx = vertx;
    this.readiness = readiness;
    this.services = services;
  }

  /** The empty name stands for the server as a whole. */
  static Service of(
      Vertx vertx,
      Admission admission,
      GrpcMetrics metrics,
      Readiness readiness,
      Set<String> services) {
    var health = new Health(vertx, readiness, services);
    return new Methods(
            vertx, admission, metrics, HealthProto.getDescriptor().findServiceByName("Health"))
        .unary("Check", null, HealthCheckRequest.parser(), (who, ask) -> health.check(ask))
        .unary("List", null, HealthListRequest.parser(), (who, ask) -> health.list())
        .serverStream("Watch", null, HealthCheckRequest.parser(), health::watch)
        .build();
  }

  private boolean isKnown(String service) {
    return service.isEmpty() || services.contains(service);
  }

  private Future<ServingStatus> status() {
    return readiness
        .check()
        .map(answer -> answer.ready() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }

  private Future<HealthCheckResponse> check(HealthCheckRequest request) {
    if (!isKnown(request.getService())) {
      throw new ApiException(
          ApiException.Reason.NOT_FOUND, "no service \"" + request.getService() + "\" is here");
    }
    return status().map(Health::response);
  }

  private Future<HealthListResponse> list() {
    return status()
        .map(
            status -> {
              var list = HealthListResponse.newBuilder();
              list.putStatuses("", response(status));
              services.forEach(service -> list.putStatuses(service, response(status)));
              return list.build();
            });
  }

  /** Tells the status now and whenever it changes, until the client leaves. */
  private void watch(Call call, HealthCheckRequest request) {
    if (!isKnown(request.getService())) {
      call.write(response(ServingStatus.SERVICE_UNKNOWN));
      return;
    }
    var watch = new Watch(call);
    watch.look();
    long timer = vertx.setPeriodic(WATCH_MS, id -> watch.look());
    call.cleanup(() -> vertx.cancelTimer(timer));
  }

  /** What one watcher was told last. */
  private final class Watch {
    private final Call call;
    private ServingStatus told = ServingStatus.UNKNOWN;

    Watch(Call call) {
      this.call = call;
    }

    void look() {
      if (readiness.isStopping()) {
        call.fail(new ApiException(ApiException.Reason.UNAVAILABLE, "the node is stopping"));
        return;
      }
      status()
          .onSuccess(
              now -> {
                if (now != told) {
                  told = now;
                  call.write(response(now));
                }
              });
    }
  }
}
