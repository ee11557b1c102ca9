package org.mesohub.bus;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.tls.PeerTls;

/** Makes the clustered Vert.x of a node. The figures behind the settings: docs/design/006. */
public final class ClusteredBus {
  /** A dead connection is noticed and replaced within this and the next one together. */
  private static final int PING_INTERVAL_MS = 500;

  private static final int PING_REPLY_MS = 1_000;
  private static final int CONNECT_TIMEOUT_MS = 1_000;

  /**
   * Hazelcast's part is small, so are its threads and partitions; the times make it find together
   * again soon after a partition of the network.
   */
  private static final Map<String, String> HAZELCAST =
      Map.ofEntries(
          Map.entry("hazelcast.logging.type", "slf4j"),
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.socket.bind.any", "false"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "5"),
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.operation.call.timeout.millis", "5000"),
          Map.entry("hazelcast.wait.seconds.before.join", "0"),
          Map.entry("hazelcast.socket.connect.timeout.seconds", "1"),
          Map.entry("hazelcast.partition.count", "11"),
          Map.entry("hazelcast.operation.thread.count", "2"),
          Map.entry("hazelcast.operation.generic.thread.count", "2"),
          Map.entry("hazelcast.io.thread.count", "1"),
          Map.entry("hazelcast.event.thread.count", "1"));

  private ClusteredBus() {}

  /**
   * Starts Vert.x with the bus bound to this member's host and bus port, Hazelcast to its discovery
   * port. Takes seconds; other members need not run yet. Hazelcast looks for the members of now
   * only, and finds later ones when they look for it; nothing depends on that.
   *
   * @param base everything but the bus
   * @param tls with it, only members with a certificate of the cluster's authority are let in;
   *     Hazelcast itself has none and must be on a private interface
   */
  public static Future<Vertx> start(
      VertxOptions base, String clusterId, Membership membership, Optional<PeerTls> tls) {
    Members members = membership.now();
    Config hazelcast;
    try {
      hazelcast = hazelcast(clusterId, members);
    } catch (UnknownHostException e) {
      return Future.failedFuture(
          new IllegalStateException(
              "the host of this member is unknown: " + members.self().host(), e));
    }
    return Vertx.builder()
        .with(new VertxOptions(base).setEventBusOptions(eventBus(members.self(), tls)))
        .withClusterManager(new MemberClusterManager(hazelcast, clusterId, membership))
        .buildClustered();
  }

  static EventBusOptions eventBus(Member self, Optional<PeerTls> tls) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(self.host())
            .setPort(self.busPort())
            .setClusterPingInterval(PING_INTERVAL_MS)
            .setClusterPingReplyInterval(PING_REPLY_MS)
            .setConnectTimeout(CONNECT_TIMEOUT_MS)
            .setTcpNoDelay(true)
            .setClusterNodeMetadata(new JsonObject().put("node", self.id()));
    tls.ifPresent(
        peer ->
            options
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(peer.identity())
                .setTrustOptions(peer.trust()));
    return options;
  }

  static Config hazelcast(String clusterId, Members members) throws UnknownHostException {
    Member self = members.self();
    Config config = new Config();
    config.setClusterName("mesohub " + clusterId);
    config.setInstanceName("mesohub " + clusterId + " " + self.id() + " " + self.discoveryPort());
    HAZELCAST.forEach(config::setProperty);
    config.getMetricsConfig().setEnabled(false);
    config.getMemberAttributeConfig().setAttribute("node", self.id());
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(self.discoveryPort()).setPortAutoIncrement(false).setReuseAddress(true);
    network
        .getInterfaces()
        .setEnabled(true)
        .addInterface(InetAddress.getByName(self.host()).getHostAddress());
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1);
    for (Member member : members.all()) {
      join.getTcpIpConfig().addMember(member.host() + ":" + member.discoveryPort());
    }
    return config;
  }
}
