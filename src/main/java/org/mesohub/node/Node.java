package org.mesohub.node;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.LogStop;
import org.mesohub.cluster.RaftConfig;
import org.mesohub.cluster.RaftVerticle;
import org.mesohub.cluster.RosterFile;
import org.mesohub.config.NodeConfig;
import org.mesohub.format.ReaderOptions;
import org.mesohub.ingest.Ingest;
import org.mesohub.ingest.IngestLimits;
import org.mesohub.ingest.Leases;
import org.mesohub.ingest.NetworkRules;
import org.mesohub.ingest.Space;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.Init;
import org.mesohub.query.QueryEngine;
import org.mesohub.replication.Scrub;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.CachedChunks;
import org.mesohub.retrieval.IdleThreads;
import org.mesohub.retrieval.Pins;
import org.mesohub.retrieval.Retrieval;
import org.mesohub.retrieval.StationDirectory;
import org.mesohub.retrieval.StationRegister;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.Identity;
import org.mesohub.store.MongoVerticle;
import org.mesohub.store.RejectStore;
import org.mesohub.upkeep.ClusterView;
import org.mesohub.upkeep.Upkeep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: the one place where parts are made and wired. They start in the order in which
 * data needs them (store and log, then what reads and writes, then the public port) and stop in the
 * opposite one.
 */
public final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** Longest time a worker may compute one piece of a query or put before Vert.x warns, seconds. */
  private static final long WORKER_WARN_SECONDS = 60;

  /** Longest wait for one part to close, milliseconds. */
  private static final long CLOSE_STEP_MS = 15_000;

  /** Pieces of a query computed ahead of its reader. */
  private static final int LOOK_AHEAD = 2;

  private final NodeConfig config;
  private final Vertx vertx;
  private final NodeIdentity identity;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CatalogueMachine machine = new CatalogueMachine();
  private final @Nullable Membership membership;
  private final Surroundings surroundings;
  private final LongSupplier clockMicros;
  private final ExecutorService lookAhead;
  private final Ports ports;
  private @Nullable NodeStore store;
  private @Nullable ClusterBus bus;
  private volatile @Nullable RaftVerticle raft;
  private volatile boolean abandoned;
  private @Nullable ClusterSide side;
  private @Nullable Ingest ingest;
  private @Nullable Upkeep upkeep;
  private @Nullable Scrub scrub;

  private Node(NodeConfig config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
    this.clockMicros = surroundings.clockMicros();
    this.identity = NodeIdentity.of(config.data(), config.cluster().id(), config.nodeId());
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
                .setMaxWorkerExecuteTime(WORKER_WARN_SECONDS)
                .setMaxWorkerExecuteTimeUnit(TimeUnit.SECONDS));
    Members members = config.cluster().members();
    this.membership =
        members == null ? null : new RosterFile(config.data()).membership(members, machine);
    this.ports = new Ports(vertx, config, registry);
    this.lookAhead = IdleThreads.pool(Ports.cores(), "mesohub-scan");
  }

  /** Starts a node; fails with a clear text and nothing left behind when a part does not start. */
  public static Future<Node> start(NodeConfig config) {
    return start(config, Surroundings.of(WallClock::micros));
  }

  /** Starts a node in surroundings of its own. */
  static Future<Node> start(NodeConfig config, Surroundings surroundings) {
    Node node;
    try {
      node = new Node(config, surroundings);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
    // Joined, so that a part that comes up late is known when the other's failure closes
    // everything.
    return Future.join(
            node.startStore().onFailure(failure -> node.abandonLog()),
            node.startBus().compose(started -> node.startLog()))
        .compose(ignored -> node.claim())
        .compose(ignored -> node.emptySpill())
        .compose(ignored -> node.startService())
        .map(ignored -> node)
        .recover(failure -> node.close().transform(closed -> Future.failedFuture(failure)));
  }

  private Future<?> startStore() {
    return NodeStore.start(vertx, config).onSuccess(opened -> store = opened);
  }

  private Future<?> startBus() {
    return membership == null
        ? Future.succeededFuture()
        : ClusterBus.start(identity.clusterId(), membership, config.cluster().tls())
            .onSuccess(opened -> bus = opened);
  }

  private Future<?> startLog() {
    raft =
        new RaftVerticle(
            membership == null
                ? RaftConfig.alone(identity.nodeId(), identity.clusterId(), config.data())
                : started(bus).log(identity.clusterId(), membership, config.data()),
            machine,
            clockMicros);
    if (abandoned) {
      abandonLog();
    }
    return vertx.deployVerticle(raft);
  }

  /** The log may wait for others, which is of no use when the node cannot start. */
  private void abandonLog() {
    abandoned = true;
    if (raft != null) {
      raft.abandon();
    }
  }

  private Future<?> claim() {
    Future<?> claimed =
        started(store).mongo().claim(Identity.of(identity.clusterId(), identity.nodeId()));
    return membership == null ? Future.all(claimed, nameCluster()) : claimed;
  }

  private Future<?> nameCluster() {
    return catalogue()
        .submit(Entry.newBuilder().setInit(Init.newBuilder().setCluster(identity.clusterId())))
        .compose(
            applied ->
                applied.hasRefused()
                    ? Future.failedFuture(
                        new IllegalStateException(applied.getRefused().getMessage()))
                    : Future.succeededFuture());
  }

  private Future<?> emptySpill() {
    return vertx.executeBlocking(() -> Ingest.emptyFolder(config.data().resolve("spill")));
  }

  private Future<?> startService() {
    CatalogueLog catalogue = catalogue();
    MongoVerticle database = started(store).mongo();
    ChunkStore own = surroundings.chunks().apply(database.chunks());
    WorkerExecutor workers = vertx.createSharedWorkerExecutor("mesohub-work", 2 * Ports.cores());
    var room = new LocalRoom(config.data(), config.capacityBytes());
    var pins = new Pins();
    ClusterSide among =
        membership == null
            ? null
            : new ClusterSide(
                vertx,
                config.cluster(),
                membership,
                started(raft).log(),
                catalogue,
                own,
                database.rejects(),
                machine,
                identity,
                pins,
                room,
                clockMicros);
    side = among;
    ChunkStore stored = among == null ? own : among.chunks();
    RejectStore rejects = among == null ? database.rejects() : among.rejects(database.rejects());
    var leases = new Leases();
    var chunks = new CachedChunks(stored, cacheBytes(config.limits().cacheMemoryBytes()));
    var queries = new QueryEngine(chunks, config.owned(), lookAhead, LOOK_AHEAD);
    var networks =
        new NetworkRules(
            Objects.requireNonNullElse(
                config.networks().defaultNetwork(), ReaderOptions.NETWORK_DEFAULT),
            config.networks().aliases(),
            config.networks().licences());
    Space space = among == null ? () -> room.now().shortage() : among::shortage;
    ingest =
        new Ingest(
            vertx,
            workers,
            catalogue,
            queries,
            stored,
            rejects,
            leases,
            pins,
            new Ingest.Settings(
                config.data().resolve("spill"),
                networks,
                IngestLimits.of(
                    Runtime.getRuntime().maxMemory(),
                    config.limits().putMemoryBytes(),
                    config.limits().putBytesMax(),
                    config.limits().putsMax())),
            space,
            clockMicros);
    upkeep =
        new Upkeep(
            catalogue,
            queries,
            chunks,
            stored,
            leases,
            pins,
            among == null ? ClusterView.alone(pins) : among.view(),
            ingest.committer(),
            ingest::isBusy,
            Runtime.getRuntime().maxMemory(),
            new Upkeep.Settings(
                config.compaction().enabled(),
                config.compaction().idle(),
                config.history().kept(),
                config.retention()),
            clockMicros);
    upkeep.start();
    scrub = new Scrub(own, among == null ? id -> Future.succeededFuture(false) : among::heal);
    scrub.start();
    var metrics = new NodeMetrics(registry);
    metrics.node(started(raft).log(), room, upkeep, scrub);
    if (among != null) {
      among.measure(metrics, started(bus).watchdog());
      among.nameCluster(catalogue, identity.clusterId());
      among.startBackground(machine::state, chunks);
    }
    var local =
        new LocalNode(
            new LocalNode.Parts(
                vertx,
                catalogue,
                chunks,
                stored,
                rejects,
                ingest,
                new Retrieval(catalogue, queries, pins, workers, config.limits().queriesMax()),
                new StationDirectory(chunks, new StationRegister(stored)),
                new Deletion(catalogue, queries, pins),
                upkeep,
                scrub,
                among == null
                    ? LocalNode.Place.alone(identity.nodeId(), config.nodeNumber())
                    : among.place(),
                new LocalBackups(vertx, catalogue, chunks, stored, leases, pins, ingest, space),
                networks,
                room::usedBytes),
            new LocalNode.Self(
                identity,
                config.nodeNumber(),
                Version.TEXT,
                () -> ports.addresses(started(store))));
    var others =
        new FederationSide(config, identity.clusterId(), catalogue, clockMicros, local, workers);
    return others
        .start(vertx)
        .onSuccess(ready -> metrics.peers(others.api()))
        .compose(ready -> ports.open(local, among, others))
        .onSuccess(opened -> started(raft).takePart());
  }

  /** Completes when its log has stopped for as long as this node runs. */
  CompletableFuture<LogStop> stopped() {
    return started(raft).log().stopped();
  }

  /** The public port; 0 before it is open. */
  public int port() {
    return ports.port();
  }

  /** One line for people: what listens where, and where the data is. */
  public String listening() {
    return "mesohub "
        + Version.TEXT
        + ": "
        + String.join(", ", ports.addresses(started(store)))
        + (started(store).enginePort().isEmpty() ? ", MongoDB at the configured URI" : "")
        + ", data in "
        + config.data();
  }

  /**
   * Stops in order: no new calls, running ones finish, commits finish, then log and store close.
   */
  public Future<Void> close() {
    // A thread of its own: the last steps come after Vert.x and its threads are gone.
    var done = new CompletableFuture<Void>();
    new Thread(
            () -> {
              try {
                closeInOrder();
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            },
            "mesohub-close")
        .start();
    return Future.fromCompletionStage(done);
  }

  private void closeInOrder() {
    if (upkeep != null) {
      step("background work", upkeep::close);
    }
    ClusterSide among = side;
    if (among != null) {
      step("leadership", () -> Blocking.await(among.handOver(), CLOSE_STEP_MS, "the next leader"));
    }
    step("the public port", () -> Blocking.await(ports.close(), CLOSE_STEP_MS, "the public port"));
    if (ingest != null) {
      step("the write path", ingest::close);
    }
    lookAhead.shutdownNow();
    if (scrub != null) {
      step("scrub", scrub::close);
    }
    if (among != null) {
      step("the other members", among::close);
    }
    step("the event loops", () -> Blocking.await(vertx.close(), CLOSE_STEP_MS, "the event loops"));
    ClusterBus opened = bus;
    if (opened != null) {
      step("the bus", () -> opened.close(CLOSE_STEP_MS));
    }
    NodeStore database = store;
    if (database != null) {
      step("the database", database::close);
    }
  }

  /** One step of closing; a part that does not close keeps none behind it open. */
  private static void step(String part, Runnable close) {
    try {
      close.run();
    } catch (RuntimeException e) {
      LOG.warn("{} did not close cleanly; what is acknowledged is safe", part, e);
    }
  }

  private CatalogueLog catalogue() {
    return new CatalogueLog(surroundings.log().apply(started(raft).log()), machine);
  }

  /** What is configured, but no more than puts and compaction leave of the heap. */
  private static long cacheBytes(long configured) {
    return Math.min(configured, Runtime.getRuntime().maxMemory() / 4);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("this part is not started yet");
    }
    return part;
  }
}
