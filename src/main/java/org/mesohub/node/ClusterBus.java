package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.ratis.conf.Parameters;
import org.jspecify.annotations.Nullable;
import org.mesohub.bus.BusEndpoint;
import org.mesohub.bus.BusWatchdog;
import org.mesohub.bus.ClusteredBus;
import org.mesohub.bus.EventBusRpcType;
import org.mesohub.cluster.RaftConfig;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.retrieval.Blocking;
import org.mesohub.tls.PeerTls;

/**
 * The bus that carries the log's messages, on a Vert.x of its own: what happens to it touches no
 * client.
 */
record ClusterBus(Vertx vertx, BusEndpoint endpoint, BusWatchdog watchdog) {
  private static final int EVENT_LOOPS = 2;
  private static final int WORKERS = 4;

  static Future<ClusterBus> start(String clusterId, Members members, @Nullable PeerTls tls) {
    var options = new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS).setWorkerPoolSize(WORKERS);
    return ClusteredBus.start(options, clusterId, members, Optional.ofNullable(tls))
        .compose(
            vertx -> {
              var endpoint =
                  new BusEndpoint(
                      vertx,
                      clusterId,
                      members.selfId(),
                      members.others().stream().map(Member::id).toList());
              return endpoint
                  .start()
                  .map(
                      ignored ->
                          new ClusterBus(vertx, endpoint, new BusWatchdog(endpoint, members)))
                  .recover(
                      failure -> vertx.close().transform(closed -> Future.failedFuture(failure)));
            });
  }

  /** The log of one of the members, over this bus. */
  RaftConfig log(String clusterId, Members members, Path data) {
    var parameters = new Parameters();
    parameters.put(BusEndpoint.class.getName(), endpoint, BusEndpoint.class);
    return RaftConfig.clustered(
        members.selfId(),
        clusterId,
        members.all().stream().map(m -> new RaftConfig.Voter(m.id(), m.contact())).toList(),
        data,
        new RaftConfig.Rpc(EventBusRpcType.class, parameters, new BusCalls(endpoint)));
  }

  /**
   * Blocks; for a thread of nobody's: a future of this Vert.x would be completed on its threads,
   * which are gone by then.
   */
  void close(long timeoutMs) {
    watchdog.close();
    Blocking.await(endpoint.close(), timeoutMs, "the bus");
    Blocking.await(vertx.close(), timeoutMs, "the bus");
  }
}
