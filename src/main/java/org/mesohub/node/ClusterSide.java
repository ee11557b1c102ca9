package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ClusterApi;
import org.mesohub.bus.BusWatchdog;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.LeaderChange;
import org.mesohub.cluster.RatisLog;
import org.mesohub.config.NodeConfig;
import org.mesohub.grpc.GrpcMetrics;
import org.mesohub.grpc.NodePeers;
import org.mesohub.grpc.NodeService;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
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
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.RejectStore;
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

  /** Rate of copies that repair makes, bytes a second. */
  private static final long REPAIR_BYTES_PER_SECOND = 16L << 20;

  private final Membership membership;
  private final RatisLog log;
  private final LogLeadership leadership;
  private final LocalChunks local;
  private final ChunkPeers peers;
  private final MemberStats stats;
  private final ReplicatedChunkStore store;
  private final ReplicationLimits limits;
  private final Repair repair;
  private final NodePeers nodes;
  private final MemberKeeper keeper;
  private final ClusterInfo info;
  private final Vertx vertx;

  /** Epoch of the members for which a whole round of repair left no copy to be made. */
  private volatile long wholeEpoch = -1;

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
      Membership membership,
      RatisLog log,
      CatalogueLog catalogue,
      ChunkStore own,
      RejectStore rejects,
      CatalogueMachine machine,
      NodeIdentity identity,
      Pins pins,
      LocalRoom room,
      LongSupplier clockMicros) {
    this.vertx = vertx;
    this.membership = membership;
    this.log = log;
    this.leadership = new LogLeadership(vertx, membership, log);
    this.limits = limits(config);
    this.local =
        new LocalChunks(
            vertx,
            membership.now().self(),
            own,
            machine::state,
            () -> vertx.executeBlocking(() -> stat(room)),
            limits);
    this.peers = new ChunkPeers(vertx, membership, config.tls(), limits);
    this.stats = new MemberStats(vertx, this::holders, local, peers);
    this.store = new ReplicatedChunkStore(vertx, membership, local, peers, stats, limits);
    this.repair =
        new Repair(store, new Repair.Settings(config.deadAfter(), REPAIR_BYTES_PER_SECOND));
    this.nodes = new NodePeers(vertx, membership, config.tls(), ClusterInfo.ANSWER_MS);
    this.keeper =
        new MemberKeeper(
            membership,
            log,
            catalogue,
            this::copiesLackingToLeave,
            this::featureLevel,
            config.tls() == null);
    this.info =
        new ClusterInfo(
            vertx,
            identity,
            membership,
            log,
            leadership,
            machine,
            pins,
            room,
            nodes,
            own,
            rejects,
            keeper,
            this::copiesLacking,
            clockMicros);
  }

  private long copiesLacking() {
    Repair.Progress round = repair.progress();
    return log.reign() == 0 ? ClusterApi.UNKNOWN : round.missing() - round.copied();
  }

  /** Those that vote and stay; one that is still to be taken in holds nothing up. */
  private List<Member> holders() {
    List<Member> staying = membership.now().staying();
    List<String> voters = log.status().voters();
    List<Member> voting = staying.stream().filter(member -> voters.contains(member.id())).toList();
    if (!voting.isEmpty()) {
      return voting;
    }
    List<Member> leaving =
        membership.now().all().stream().filter(member -> voters.contains(member.id())).toList();
    return leaving.isEmpty() ? staying : leaving;
  }

  private int featureLevel() {
    return info.featureLevel(log.status().voters());
  }

  /** Why members that leave must stay for their chunks; empty when others have them all. */
  private Optional<String> copiesLackingToLeave() {
    int wanted = Math.min(limits.factor(), membership.now().staying().size());
    int takers = stats.taking().size();
    if (takers < wanted) {
      return Optional.of(
          "only %d members that stay have room for its chunks, %d must".formatted(takers, wanted));
    }
    if (wholeEpoch == membership.epoch()) {
      return Optional.empty();
    }
    Repair.Progress round = repair.progress();
    return Optional.of(
        "its chunks are being copied to others: %,d checked, %,d copies made, %,d to be made%s%s"
            .formatted(
                round.checked(),
                round.copied(),
                round.missing() - round.copied(),
                round.unheard() == 0
                    ? ""
                    : ", %,d on members that do not answer".formatted(round.unheard()),
                round.lost() == 0
                    ? ""
                    : ", %,d that nobody can give (--force leaves them)".formatted(round.lost())));
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

  /** Starts the leader's work for the members and the chunks of all. */
  void startBackground(Supplier<CatalogueState> state, ChunkSource chunks) {
    keeper.start();
    thread.scheduleWithFixedDelay(
        () -> repair(state, chunks), REPAIR_SECONDS, REPAIR_SECONDS, TimeUnit.SECONDS);
  }

  private void repair(Supplier<CatalogueState> state, ChunkSource chunks) {
    try {
      if (log.reign() > 0) {
        long epoch = membership.epoch();
        Inventory inventory = Inventory.of(state.get(), chunks);
        var ids = new HashSet<>(inventory.chunkBytes().keySet());
        ids.addAll(inventory.manifests());
        wholeEpoch = repair.run(ids).isWhole() ? epoch : -1;
      } else {
        wholeEpoch = -1;
      }
    } catch (Throwable e) { // a task that throws is never run again
      if (!Thread.currentThread().isInterrupted()) {
        LOG.warn("repair failed and is tried again: {}", e.toString());
      }
    }
  }

  Membership membership() {
    return membership;
  }

  ChunkStore chunks() {
    return store;
  }

  /** Rejected rows of all nodes. */
  RejectStore rejects(RejectStore own) {
    return new ClusterRejects(own, nodes);
  }

  /** Fetches a chunk that is corrupt here from another member: see {@link Scrub}. */
  Future<Boolean> heal(ChunkId id) {
    return store.heal(id);
  }

  void measure(NodeMetrics metrics, BusWatchdog bus) {
    metrics.bus(membership, bus);
    metrics.repair(repair);
    metrics.replication(store.counters());
    metrics.members(membership, log, store.counters());
    metrics.clocks(membership, info.clocks());
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
    List<Member> members = holders();
    int quorum = limits.quorum(members);
    int takers = stats.taking().size();
    if (takers >= quorum) {
      return Optional.empty();
    }
    String full =
        String.join(
            "; ",
            members.stream()
                .filter(member -> !stats.of(member).stat().takesChunks())
                .map(member -> member.id() + ": " + stats.of(member).stat().problem())
                .toList());
    return Optional.of(
        "%d of %d members have room, a chunk needs %d (%s)"
            .formatted(takers, members.size(), quorum, full));
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
        return membership.now().member(nodeId).map(Member::number).orElse(0);
      }

      @Override
      public boolean leads() {
        return leadership.isSelf();
      }

      @Override
      public boolean follows(Duration age) {
        return !leadership.isSelf() && leadership.within(age);
      }

      @Override
      public Optional<String> trouble() {
        return log.trouble();
      }
    };
  }

  /** Lets another node lead, if this one does; within a second or so. */
  Future<@Nullable Void> handOver() {
    return Future.fromCompletionStage(log.admin().handOver());
  }

  @Override
  public void close() {
    keeper.close();
    thread.shutdownNow();
    info.close();
    stats.close();
    peers.close();
  }
}
