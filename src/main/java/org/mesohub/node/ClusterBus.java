package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.ratis.conf.Parameters;
import org.jspecify.annotations.Nullable;
import org.mesohub.bus.BusEndpoint;
import org.mesohub.bus.BusWatchdog;
import org.mesohub.bus.ClusteredBus;
import org.mesohub.bus.EventBusRpcType;
import org.mesohub.bus.Lifelines;
import org.mesohub.cluster.RaftConfig;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.retrieval.Blocking;
import org.mesohub.tls.PeerTls;

/**
 * The bus that carries the log's messages, on a Vert.x of its own: what happens to it touches no
 * client.
 */
record ClusterBus(Vertx vertx, BusEndpoint endpoint, BusWatchdog watchdog, Lifelines lifelines) {
  private static final int EVENT_LOOPS = 2;
  private static final int WORKERS = 4;

  static Future<ClusterBus> start(String clusterId, Membership membership, @Nullable PeerTls tls) {
    Members members = membership.now();
    var options = new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS).setWorkerPoolSize(WORKERS);
    return ClusteredBus.start(options, clusterId, membership, Optional.ofNullable(tls))
        .compose(
            vertx -> {
              var endpoint =
                  new BusEndpoint(
                      vertx,
                      clusterId,
                      members.selfId(),
                      members.others().stream().map(Member::id).toList());
              membership.onChange(new Acquaintances(endpoint));
              return endpoint
                  .start()
                  .map(
                      ignored ->
                          new ClusterBus(
                              vertx,
                              endpoint,
                              new BusWatchdog(endpoint, membership),
                              new Lifelines(vertx, membership, tls)))
                  .recover(
                      failure -> vertx.close().transform(closed -> Future.failedFuture(failure)));
            });
  }

  /** Lets members talk on the bus as they come, and no longer when they have gone. */
  private static final class Acquaintances implements Consumer<Members> {
    private final BusEndpoint endpoint;
    private Set<String> known = Set.of();

    Acquaintances(BusEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void accept(Members members) { // called by one thread at a time
      Set<String> now = members.others().stream().map(Member::id).collect(Collectors.toSet());
      now.forEach(endpoint::meet);
      known.stream().filter(id -> !now.contains(id)).forEach(endpoint::forget);
      known = now;
    }
  }

  /** The log of one of the members, over this bus. */
  RaftConfig log(String clusterId, Membership membership, Path data) {
    Members members = membership.now();
    var parameters = new Parameters();
    parameters.put(BusEndpoint.class.getName(), endpoint, BusEndpoint.class);
    return RaftConfig.clustered(
        members.selfId(),
        clusterId,
        members.all().stream().map(m -> new RaftConfig.Voter(m.id(), m.contact())).toList(),
        data,
        new RaftConfig.Rpc(
            EventBusRpcType.class,
            parameters,
            new RaftConfig.Peers(new BusCalls(endpoint, lifelines), membership)));
  }

  /**
   * Blocks; for a thread of nobody's: a future of this Vert.x would be completed on its threads,
   * which are gone by then.
   */
  void close(long timeoutMs) {
    lifelines.close();
    watchdog.close();
    Blocking.await(endpoint.close(), timeoutMs, "the bus");
    Blocking.await(vertx.close(), timeoutMs, "the bus");
  }
}
