package org.mesohub.grpc;

import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ClusterApi;
import org.mesohub.api.FederationApi;
import org.mesohub.api.NodeApi;
import org.mesohub.http.Readiness;

/**
 * Everything the public services need.
 *
 * @param node what they serve
 * @param principals who may what
 * @param metrics what they count
 * @param readiness what health reports
 * @param cluster the nodes as this one sees them; null: ClusterService is not served
 * @param federation other clusters; null: FederationService is not served
 */
public record GrpcServices(
    NodeApi node,
    Principals principals,
    GrpcMetrics metrics,
    Readiness readiness,
    @Nullable ClusterApi cluster,
    @Nullable Federated federation) {
  /**
   * What other clusters are served.
   *
   * @param nodeId id of this node
   */
  public record Federated(FederationApi api, String nodeId) {}

  /** Without ClusterService and FederationService. */
  public GrpcServices(
      NodeApi node, Principals principals, GrpcMetrics metrics, Readiness readiness) {
    this(node, principals, metrics, readiness, null, null);
  }

  /** The services that a leader has for calls that other nodes relay to it. */
  List<Service> relayed(Vertx vertx) {
    return own(vertx, RelayHeaders.INTERNAL_PORT);
  }

  private List<Service> own(Vertx vertx, Admission admission) {
    var services = new ArrayList<Service>();
    services.add(ObservationApi.of(vertx, admission, metrics, node));
    services.add(BackupApi.of(vertx, admission, metrics, node));
    services.add(ContractService.of(vertx, admission, metrics, node));
    if (cluster != null) {
      services.add(ClusterService.of(vertx, admission, metrics, cluster));
    }
    if (federation != null) {
      services.add(
          FederationService.of(vertx, admission, metrics, federation.api(), federation.nodeId()));
    }
    return services;
  }

  /** The services, to be bound to one server. */
  List<Service> services(Vertx vertx) {
    return described(vertx, own(vertx, principals));
  }

  /** The contract of 2018 alone, to be bound to one server. */
  List<Service> contract(Vertx vertx) {
    var services = new ArrayList<Service>();
    services.add(ContractService.of(vertx, principals, metrics, node));
    return described(vertx, services);
  }

  private List<Service> described(Vertx vertx, List<Service> services) {
    Set<String> served =
        services.stream()
            .map(service -> service.name().fullyQualifiedName())
            .collect(Collectors.toUnmodifiableSet());
    services.add(Health.of(vertx, principals, metrics, readiness, served));
    services.addAll(Reflection.of(vertx, principals, metrics, List.copyOf(services)));
    return services;
  }
}
