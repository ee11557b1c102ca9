package org.mesohub.node;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.HostPort;
import org.mesohub.config.NodeConfig;
import org.mesohub.grpc.GrpcMetrics;
import org.mesohub.grpc.GrpcOptions;
import org.mesohub.grpc.GrpcServerVerticle;
import org.mesohub.grpc.GrpcServices;
import org.mesohub.grpc.InternalServerVerticle;
import org.mesohub.grpc.PortGuard;
import org.mesohub.grpc.PortLimits;
import org.mesohub.grpc.Principals;
import org.mesohub.grpc.RelayOptions;
import org.mesohub.http.HttpVerticle;
import org.mesohub.http.Readiness;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.tls.ClusterTrusts;
import org.mesohub.tls.PublicTls;

/** The ports of a node: one for clients, and one for the other nodes where there are any. */
final class Ports {
  private final Vertx vertx;
  private final NodeConfig config;
  private final PrometheusMeterRegistry registry;
  private final List<GrpcServerVerticle> servers = new ArrayList<>();
  private @Nullable FederationSide others;

  Ports(Vertx vertx, NodeConfig config, PrometheusMeterRegistry registry) {
    this.vertx = vertx;
    this.config = config;
    this.registry = registry;
  }

  /** Opens the internal port, then the public one. */
  Future<?> open(LocalNode node, @Nullable ClusterSide side, FederationSide federation) {
    others = federation;
    var readiness = new Readiness(vertx, node::ready);
    var http = new HttpVerticle(readiness, config.metrics().enabled() ? registry : null);
    var services =
        new GrpcServices(
            federation.served(),
            principals(),
            new GrpcMetrics(registry),
            readiness,
            side == null ? null : side.info(),
            new GrpcServices.Federated(federation.api(), config.nodeId()));
    return vertx
        .deployVerticle(http)
        .compose(deployed -> side == null ? Future.succeededFuture() : openInternal(services, side))
        .compose(deployed -> openPublic(services, http, side));
  }

  private Principals principals() {
    return Principals.of(
        config.tokens().stream()
            .map(token -> new Principals.Token(token.principal(), token.secret(), token.rights()))
            .toList());
  }

  private Future<?> openPublic(
      GrpcServices services, HttpVerticle http, @Nullable ClusterSide side) {
    HostPort plain = config.plain();
    Future<?> opened = open(config.listen(), tls(), false, services, http, side);
    return plain == null
        ? opened
        : opened.compose(secure -> open(plain, null, true, services, http, side));
  }

  private GrpcOptions.@Nullable Tls tls() {
    PublicTls identity = config.secure();
    return identity == null
        ? null
        : new GrpcOptions.Tls(
            identity,
            new ClusterTrusts(
                config.federation().peers().stream()
                    .map(NodeConfig.Peer::tls)
                    .flatMap(Stream::ofNullable)
                    .toList()));
  }

  private Future<?> open(
      HostPort at,
      GrpcOptions.@Nullable Tls tls,
      boolean contractOnly,
      GrpcServices services,
      HttpVerticle http,
      @Nullable ClusterSide side) {
    var options = new GrpcOptions(at.host(), at.port(), GrpcOptions.DRAIN_MS, tls, contractOnly);
    PortGuard guard = guard();
    RelayOptions relay =
        side == null
            ? null
            : new RelayOptions(
                config.nodeId(), side.leadership(), side.leadership(), config.cluster().tls());
    return vertx.deployVerticle(
        () -> {
          var server = new GrpcServerVerticle(options, services, guard, http, relay);
          synchronized (servers) {
            servers.add(server);
          }
          return server;
        },
        new DeploymentOptions().setInstances(cores()));
  }

  private Future<?> openInternal(GrpcServices services, ClusterSide side) {
    Member self = Objects.requireNonNull(config.cluster().members()).self();
    var options = new GrpcOptions(self.host(), self.internalPort(), GrpcOptions.DRAIN_MS);
    PortGuard guard = guard();
    return vertx.deployVerticle(
        () ->
            new InternalServerVerticle(
                options,
                services,
                side.services(services.metrics()),
                guard,
                side.leadership(),
                config.cluster().tls()),
        new DeploymentOptions().setInstances(cores()));
  }

  private static PortGuard guard() {
    return new PortGuard(PortLimits.of(Runtime.getRuntime().maxMemory()));
  }

  /** The public port; 0 before it is open. */
  int port() {
    synchronized (servers) {
      return servers.isEmpty() ? 0 : servers.get(0).port();
    }
  }

  /** What listens where, the store's engine included. */
  List<String> addresses(NodeStore store) {
    List<String> all = new ArrayList<>();
    all.add(
        "gRPC and HTTP%s on %s"
            .formatted(
                config.secure() == null ? "" : " over TLS",
                new HostPort(config.listen().host(), port())));
    if (config.plain() != null) {
      all.add("the contract of 2018 in plain text on " + config.plain());
    }
    Members members = config.cluster().members();
    if (members != null) {
      Member self = members.self();
      all.add(
          "other nodes on %s:%d, %d, %d"
              .formatted(self.host(), self.internalPort(), self.busPort(), self.discoveryPort()));
    }
    store.enginePort().ifPresent(port -> all.add("embedded MongoDB engine on 127.0.0.1:" + port));
    return List.copyOf(all);
  }

  /** Takes no new calls from clients, lets running ones finish for a while, then closes. */
  Future<?> close() {
    FederationSide told = others;
    if (told != null) {
      told.leave();
    }
    List<GrpcServerVerticle> open;
    synchronized (servers) {
      open = List.copyOf(servers);
    }
    return Future.join(
        open.stream()
            .map(GrpcServerVerticle::deploymentID)
            .filter(Objects::nonNull)
            .distinct() // the instances share one deployment
            .map(vertx::undeploy)
            .toList());
  }

  /** Event loops worth having. */
  static int cores() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }
}
