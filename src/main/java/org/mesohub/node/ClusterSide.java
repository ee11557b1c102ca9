package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ClusterApi;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.LeaderChange;
import org.mesohub.cluster.RatisLog;
import org.mesohub.config.NodeConfig;
import org.mesohub.grpc.GrpcMetrics;
import org.mesohub.grpc.NodePeers;
import org.mesohub.grpc.NodeService;
import org.mesohub.placement.Members;
import org.mesohub.placement.Room;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Init;
import org.mesohub.query.ChunkSource;
import org.mesohub.replication.ChunkPeers;
import org.mesohub.replication.ChunkService;
import org.mesohub.replication.LocalChunks;
import org.mesohub.replication.MemberStats;
import org.mesohub.replication.Repair;
import org.mesohub.replication.ReplicaStat;
import org.mesohub.replication.ReplicatedChunkStore;
import org.mesohub.replication.ReplicationLimits;
import org.mesohub.replication.Scrub;
import org.mesohub.retrieval.Pins;
import org.mesohub.store.ChunkStore;
import org.mesohub.upkeep.ClusterView;
import org.mesohub.upkeep.Inventory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node among others has beside a node alone: chunks on several members, who leads, and the
 * work of a leader for them.
 */
final class ClusterSide implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSide.class);

  /** Pause between two rounds of repair, seconds. */
  private static final long REPAIR_SECONDS = 10;

  /** Rate of copies that repair makes, and of chunks that scrub reads, bytes a second. */
  private static final long BACKGROUND_BYTES_PER_SECOND = 16L << 20;

  /** Pause between two readings of everything this node stores. */
  private static final java.time.Duration SCRUB_PAUSE = java.time.Duration.ofDays(1);

  private final Members members;
  private final RatisLog log;
  private final LogLeadership leadership;
  private final LocalChunks local;
  private final ChunkPeers peers;
  private final MemberStats stats;
  private final ReplicatedChunkStore store;
  private final ReplicationLimits limits;
  private final Repair repair;
  private final Scrub scrub;
  private final ClusterInfo info;
  private final Vertx vertx;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var t = new Thread(work, "mesohub-repair");
            t.setDaemon(true);
            t.setPriority(Thread.MIN_PRIORITY);
            return t;
          });

  /**
   * @param own the database of this node
   * @param machine the catalogue as this node has applied it
   */
  ClusterSide(
      Vertx vertx,
      NodeConfig.Cluster config,
      Members members,
      RatisLog log,
      ChunkStore own,
      CatalogueMachine machine,
      NodeIdentity identity,
      Pins pins,
      LocalRoom room) {
    this.vertx = vertx;
    this.members = members;
    this.log = log;
    this.leadership = new LogLeadership(vertx, members, log);
    this.limits = limits(config);
    this.local =
        new LocalChunks(
            vertx,
            members.self(),
            own,
            machine::state,
            () -> vertx.executeBlocking(() -> stat(room)),
            limits);
    this.peers = new ChunkPeers(vertx, members, config.tls(), limits);
    this.stats = new MemberStats(vertx, local, peers);
    this.store = new ReplicatedChunkStore(vertx, members, local, peers, stats::takers, limits);
    this.repair =
        new Repair(store, new Repair.Settings(config.deadAfter(), BACKGROUND_BYTES_PER_SECOND));
    this.scrub = new Scrub(own, store::heal, BACKGROUND_BYTES_PER_SECOND);
    this.info =
        new ClusterInfo(
            vertx,
            identity,
            members,
            log,
            leadership,
            machine,
            pins,
            room,
            new NodePeers(vertx, members, config.tls(), ClusterInfo.ANSWER_MS),
            this::copiesLacking);
  }

  private long copiesLacking() {
    Repair.Progress round = repair.progress();
    return log.reign() == 0 ? ClusterApi.UNKNOWN : round.missing() - round.copied();
  }

  private static ReplicationLimits limits(NodeConfig.Cluster config) {
    ReplicationLimits usual = ReplicationLimits.USUAL;
    return new ReplicationLimits(
        config.replication(),
        usual.callMs(),
        usual.putMs(),
        usual.connectMs(),
        usual.catalogueMs(),
        usual.hedgeMs(),
        usual.inFlightBytes());
  }

  private static ReplicaStat stat(LocalRoom room) {
    Room now = room.now();
    return new ReplicaStat(
        room.diskFreeBytes(),
        now.capacityBytes() == Long.MAX_VALUE ? -1 : now.capacityBytes(),
        room.usedBytes(),
        !now.full(),
        now.why());
  }

  /** Names the cluster in a catalogue that has no name yet; refused by one of another name. */
  void nameCluster(CatalogueLog catalogue, String clusterId) {
    log.onLeader(change -> named(catalogue, clusterId, change));
  }

  private static void named(CatalogueLog catalogue, String clusterId, LeaderChange change) {
    if (change.ready() && catalogue.state().clusterId().isEmpty()) {
      catalogue
          .submit(Entry.newBuilder().setInit(Init.newBuilder().setCluster(clusterId)))
          .onSuccess(
              applied -> {
                if (applied.hasRefused()) {
                  LOG.error("{}", applied.getRefused().getMessage());
                }
              })
          .onFailure(failure -> LOG.warn("the catalogue has no name yet: {}", failure.toString()));
    }
  }

  /** Starts the leader's work for the chunks of all, and this node's for its own. */
  void startBackground(Supplier<CatalogueState> state, ChunkSource chunks) {
    scrub.start(SCRUB_PAUSE);
    thread.scheduleWithFixedDelay(
        () -> repair(state, chunks), REPAIR_SECONDS, REPAIR_SECONDS, TimeUnit.SECONDS);
  }

  private void repair(Supplier<CatalogueState> state, ChunkSource chunks) {
    try {
      if (log.reign() > 0) {
        Inventory inventory = Inventory.of(state.get(), chunks);
        var ids = new java.util.HashSet<>(inventory.chunkBytes().keySet());
        ids.addAll(inventory.manifests());
        repair.run(ids);
      }
    } catch (Throwable e) { // a task that throws is never run again
      if (!Thread.currentThread().isInterrupted()) {
        LOG.warn("repair failed and is tried again: {}", e.toString());
      }
    }
  }

  Members members() {
    return members;
  }

  ChunkStore chunks() {
    return store;
  }

  LogLeadership leadership() {
    return leadership;
  }

  MemberStats stats() {
    return stats;
  }

  ClusterApi info() {
    return info;
  }

  /** Services of this node for the others. */
  List<Service> services(GrpcMetrics metrics) {
    return List.of(
        ChunkService.of(vertx, local, store::heal), NodeService.of(vertx, metrics, info));
  }

  /** Why too few members have room for another chunk; empty while enough do. */
  Optional<String> shortage() {
    int quorum = Math.min(limits.factor(), members.all().size()) / 2 + 1;
    int takers = stats.takers().size();
    if (takers >= quorum) {
      return Optional.empty();
    }
    String full =
        String.join(
            "; ",
            members.all().stream()
                .filter(member -> !stats.of(member).stat().takesChunks())
                .map(member -> member.id() + ": " + stats.of(member).stat().problem())
                .toList());
    return Optional.of(
        "%d of %d members have room, a chunk needs %d (%s)"
            .formatted(takers, members.all().size(), quorum, full));
  }

  /** What background work must know of the others. */
  ClusterView view() {
    return new ClusterView() {
      @Override
      public long reign() {
        return log.reign();
      }

      @Override
      public boolean readBefore(long runsEpoch) {
        return info.readBefore(runsEpoch);
      }
    };
  }

  /** Where this node stands. */
  LocalNode.Place place() {
    return new LocalNode.Place() {
      @Override
      public int number(String nodeId) {
        return members.member(nodeId).map(member -> member.number()).orElse(0);
      }

      @Override
      public boolean leads() {
        return leadership.isSelf();
      }

      @Override
      public boolean follows(java.time.Duration age) {
        return !leadership.isSelf() && leadership.within(age);
      }
    };
  }

  /** Lets another node lead, if this one does; within a second or so. */
  Future<@Nullable Void> handOver() {
    return Future.fromCompletionStage(log.admin().handOver());
  }

  @Override
  public void close() {
    thread.shutdownNow();
    scrub.close();
    info.close();
    stats.close();
    peers.close();
  }
}
