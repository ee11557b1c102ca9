package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.mesohub.api.FederationApi;
import org.mesohub.api.NodeApi;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.config.HostPort;
import org.mesohub.config.NodeConfig;
import org.mesohub.forward.FederationSettings;
import org.mesohub.forward.FederationSettings.Dial;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.mesohub.forward.FederationSettings.Peer;
import org.mesohub.forward.ForwardingVerticle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a node that meets other clusters. */
final class FederationSide {
  private static final Logger LOG = LoggerFactory.getLogger(FederationSide.class);

  private final ForwardingVerticle verticle;
  private final NodeApi local;
  private final boolean alone;

  FederationSide(
      NodeConfig config,
      String cluster,
      CatalogueLog catalogue,
      LongSupplier clockMicros,
      NodeApi local,
      WorkerExecutor workers) {
    NodeConfig.Federation federation = config.federation();
    boolean dials =
        federation.peers().stream().anyMatch(peer -> peer.dial() == NodeConfig.Peer.Dial.OUT);
    if (dials && config.tokens().isEmpty()) {
      LOG.warn(
          "peers with dial: out reach this node's port, and it asks nobody for a token: who can"
              + " connect to loopback there may do everything here; set security.tokens");
    }
    this.local = local;
    this.alone = federation.peers().isEmpty();
    this.verticle =
        new ForwardingVerticle(
            new FederationSettings(
                cluster,
                config.nodeId(),
                own(config.listen()),
                config.secure(),
                federation.peers().stream().map(FederationSide::peer).toList(),
                federation.patience(),
                federation.hops(),
                federation.transit(),
                closed(federation.closed(), config.networks().aliases()),
                config.owned()),
            new ForwardingVerticle.Catalogue(
                catalogue::state, () -> LocalNode.told(catalogue.linearizable()), clockMicros),
            clockMicros,
            local,
            workers);
  }

  private static Peer peer(NodeConfig.Peer peer) {
    return new Peer(
        peer.cluster(),
        peer.endpoints().stream().map(a -> new Endpoint(a.host(), a.port())).toList(),
        switch (peer.dial()) {
          case BOTH -> Dial.BOTH;
          case IN -> Dial.IN;
          case OUT -> Dial.OUT;
          case CONTRACT -> Dial.CONTRACT;
        },
        peer.token(),
        peer.tls());
  }

  /**
   * Under the names that are stored: a network that is closed by another name is closed as well.
   */
  private static Map<String, Set<String>> closed(
      Map<String, Set<String>> named, Map<String, String> aliases) {
    Map<String, Set<String>> closed = new HashMap<>();
    named.forEach(
        (network, clusters) ->
            closed.merge(
                aliases.getOrDefault(network, network),
                clusters,
                (one, other) -> one.stream().filter(other::contains).collect(Collectors.toSet())));
    return closed;
  }

  /** Where a node reaches its own public port. */
  private static Endpoint own(HostPort listen) {
    return switch (listen.host()) {
      case "0.0.0.0" -> new Endpoint("127.0.0.1", listen.port());
      case "::", "0:0:0:0:0:0:0:0" -> new Endpoint("::1", listen.port());
      default -> new Endpoint(listen.host(), listen.port());
    };
  }

  Future<?> start(Vertx vertx) {
    return vertx.deployVerticle(verticle);
  }

  /** Lets other clusters know that this node goes. */
  void leave() {
    verticle.leave();
  }

  /** What clients are served: with others, where there are any. */
  NodeApi served() {
    return alone ? local : verticle.federated();
  }

  FederationApi api() {
    return verticle;
  }
}
