package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.ratis.conf.Parameters;
import org.mesohub.bus.BusEndpoint;
import org.mesohub.bus.BusFaults;
import org.mesohub.bus.BusWatchdog;
import org.mesohub.bus.ClusteredBus;
import org.mesohub.bus.EventBusRpcType;
import org.mesohub.bus.Lifelines;
import org.mesohub.cluster.RaftConfig.Voter;
import org.mesohub.node.BusCalls;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;

/** Three nodes with a replicated log each in this JVM, on one local bus or on a clustered one. */
final class Trio implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  /** One node; {@link #log} is null while it is down. */
  final class Node {
    final String id;
    LedgerMachine machine = new LedgerMachine();
    Vertx vertx;
    BusEndpoint endpoint;
    BusWatchdog watchdog;
    Lifelines lifelines;
    Membership membership;
    RaftVerticle verticle;
    RatisLog log;
    private Future<String> deploying;
    private String deployment;

    Node(String id) {
      this.id = id;
    }

    boolean runs() {
      return log != null;
    }

    Future<byte[]> send(String entry) {
      return log.submit(entry.getBytes(StandardCharsets.UTF_8));
    }

    void start() throws Exception {
      begin();
      finish();
    }

    /** Waits for others where its log opens for the first time. */
    void begin() throws Exception {
      machine = new LedgerMachine();
      membership = new Membership(members(id));
      vertx =
          local != null
              ? local
              : await(ClusteredBus.start(options(), "uni", membership, Optional.empty()));
      endpoint =
          new BusEndpoint(vertx, "uni", id, ids.stream().filter(p -> !p.equals(id)).toList());
      await(endpoint.start());
      watchdog = new BusWatchdog(endpoint, membership);
      lifelines = new Lifelines(vertx, membership, null);
      verticle = new RaftVerticle(config(id), machine, clockMicros::incrementAndGet);
      deploying = vertx.deployVerticle(verticle);
    }

    void finish() throws Exception {
      deployment = await(deploying);
      log = verticle.log();
      verticle.takePart();
    }

    /** Whether its log has been opened since {@link #begin}. */
    boolean isOpen() {
      return deploying.isComplete();
    }

    /** Loses its disk while it is down. */
    void loseFolder() throws IOException {
      try (Stream<Path> files = Files.walk(folder.resolve(id))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }

    /** As abruptly as it goes within a JVM: nobody is told, nothing is handed over. */
    void crash() throws Exception {
      RatisLog stopped = log;
      log = null;
      lifelines.close();
      watchdog.close();
      await(endpoint.close());
      stopped.close();
      if (local == null) {
        await(vertx.close());
      } else {
        await(vertx.undeploy(deployment));
      }
    }
  }

  final Map<String, Node> nodes = new LinkedHashMap<>();
  final List<String> ids = new ArrayList<>();
  final AtomicLong clockMicros = new AtomicLong(1_700_000_000_000_000L);
  final BusFaults faults;
  private final Vertx local;
  private final Path folder;
  private final List<Voter> voters;
  private final List<Member> members = new ArrayList<>();
  private final UnaryOperator<RaftConfig> settings;

  private Trio(
      Path folder,
      List<Voter> voters,
      boolean clustered,
      long seed,
      UnaryOperator<RaftConfig> settings)
      throws Exception {
    this.folder = folder;
    this.voters = voters;
    this.settings = settings;
    this.local = clustered ? null : Vertx.vertx();
    this.faults = clustered ? null : new BusFaults(local, seed);
    for (Voter voter : voters) {
      ids.add(voter.id());
      members.add(
          new Member(
              voter.id(),
              ids.size(),
              "127.0.0.1",
              freePort(),
              freePort(),
              freePort(),
              "",
              voter.contact()));
      nodes.put(voter.id(), new Node(voter.id()));
    }
  }

  static Trio local(Path folder, long seed, UnaryOperator<RaftConfig> settings) throws Exception {
    return start(new Trio(folder, contacts(), false, seed, settings));
  }

  static Trio local(Path folder, List<Voter> voters) throws Exception {
    return start(new Trio(folder, voters, false, 0, UnaryOperator.identity()));
  }

  /** All of them down at first. */
  static Trio localDown(Path folder, List<Voter> voters) throws Exception {
    return new Trio(folder, voters, false, 0, UnaryOperator.identity());
  }

  /** All of them down at first. */
  static Trio localDown(Path folder, UnaryOperator<RaftConfig> settings) throws Exception {
    return new Trio(folder, contacts(), false, 0, settings);
  }

  static Trio clustered(Path folder) throws Exception {
    return clustered(folder, UnaryOperator.identity());
  }

  static Trio clustered(Path folder, UnaryOperator<RaftConfig> settings) throws Exception {
    return start(new Trio(folder, contacts(), true, 0, settings));
  }

  private static List<Voter> contacts() {
    return List.of(new Voter("n1", true), new Voter("n2", true), new Voter("n3", true));
  }

  private static Trio start(Trio trio) throws Exception {
    try {
      trio.startAll();
      return trio;
    } catch (Exception e) {
      trio.close();
      throw e;
    }
  }

  void startAll() throws Exception {
    for (Node node : nodes.values()) {
      node.begin();
    }
    for (Node node : nodes.values()) {
      node.finish();
    }
  }

  private static VertxOptions options() {
    return new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4);
  }

  Members members(String self) {
    return new Members(self, members);
  }

  RaftConfig config(String id) {
    Parameters parameters = new Parameters();
    parameters.put(BusEndpoint.class.getName(), nodes.get(id).endpoint, BusEndpoint.class);
    return settings.apply(
        RaftConfig.clustered(
            id,
            "uni",
            voters,
            folder.resolve(id),
            new RaftConfig.Rpc(
                EventBusRpcType.class,
                parameters,
                new RaftConfig.Peers(
                    new BusCalls(nodes.get(id).endpoint, nodes.get(id).lifelines),
                    nodes.get(id).membership))));
  }

  List<Node> running() {
    return nodes.values().stream().filter(Node::runs).toList();
  }

  Optional<Node> leader() {
    return running().stream().filter(node -> node.log.status().isLeader()).findFirst();
  }

  Node awaitLeader() throws Exception {
    return awaitLeaderOtherThan("");
  }

  /** A node that leads and has committed something in its term. */
  Node awaitLeaderOtherThan(String id) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      for (Node node : running()) {
        if (!node.id.equals(id) && node.log.status().isLeader()) {
          try {
            await(node.log.barrier());
            return node;
          } catch (LogException e) {
            assertThat(e.reason()).isNotEqualTo(LogException.Reason.CLOSED);
          }
        }
      }
      Thread.sleep(5);
    }
    throw new AssertionError("no leader: " + states());
  }

  /** Submits at whoever leads until it is acknowledged; the entry may be applied several times. */
  void submit(String entry) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      Optional<Node> leader = leader();
      if (leader.isPresent()) {
        try {
          await(leader.get().send(entry));
          return;
        } catch (LogException e) {
          assertThat(e.reason()).isNotEqualTo(LogException.Reason.OVERLOADED);
        }
      }
      Thread.sleep(5);
    }
    throw new AssertionError("not acknowledged: " + entry + ": " + states());
  }

  void awaitEqualStates() throws Exception {
    await(
        "equal states",
        () -> running().stream().map(node -> node.machine.entries()).distinct().count() == 1);
  }

  void await(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s in time: %s", what, states()).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  String states() {
    StringBuilder text = new StringBuilder();
    running()
        .forEach(
            node ->
                text.append(node.log.status())
                    .append(' ')
                    .append(node.log.progress())
                    .append('\n'));
    return text.toString();
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    if (faults != null) {
      faults.heal();
    }
    for (Node node : running()) {
      node.crash();
    }
    if (local != null) {
      await(local.close());
    }
  }
}
