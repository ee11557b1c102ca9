package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cluster.LogException.Reason;
import org.mesohub.cluster.RaftConfig.Voter;

/** Three logs on real files in this JVM, with a network between them that can be broken. */
class RaftGroupIT {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final FakeNetwork network = new FakeNetwork(17);
  private final Map<String, Node> nodes = new TreeMap<>();

  /** Leaders by term, as every node has seen them. */
  private final Map<Long, Set<String>> leaders = new ConcurrentHashMap<>();

  private List<Voter> voters = List.of(voter("a"), voter("b"), voter("c"));
  private RaftConfig.Snapshots snapshots = RaftConfig.Snapshots.DEFAULT;

  private static Voter voter(String id) {
    return new Voter(id, true);
  }

  private final class Node {
    final String id;
    final LedgerMachine machine = new LedgerMachine();
    final RatisLog log;

    Node(String id) throws Exception {
      this.id = id;
      var clock = new AtomicLong(1_700_000_000_000_000L);
      this.log =
          RatisLog.open(
              RaftConfig.among(voters, id, "cluster", folder.resolve(id)).withSnapshots(snapshots),
              machine,
              clock::incrementAndGet,
              vertx,
              network.transport(id));
      log.listen(
          new RatisLog.LeadershipListener() {
            @Override
            public void leading(long term) {
              leaders.computeIfAbsent(term, t -> new ConcurrentSkipListSet<>()).add(id);
            }

            @Override
            public void leaderChanged(String nodeId, long term) {}
          });
    }
  }

  private void start(String... ids) throws Exception {
    for (String id : ids) {
      nodes.put(id, new Node(id));
    }
  }

  private void stop(String id) throws Exception {
    nodes.remove(id).log.close();
  }

  @AfterEach
  void close() throws Exception {
    network.close();
    for (Node node : nodes.values()) {
      node.log.close();
    }
    vertx.close();
    assertThat(leaders.values())
        .as("leaders of each term: %s", leaders)
        .allSatisfy(who -> assertThat(who).hasSize(1));
  }

  private static void until(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("gave up waiting until " + what).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private Node leader() throws Exception {
    until("somebody leads", () -> nodes.values().stream().anyMatch(n -> n.log.reign() > 0));
    return nodes.values().stream()
        .filter(n -> n.log.reign() > 0)
        .max(java.util.Comparator.comparingLong(n -> n.log.reign()))
        .orElseThrow();
  }

  private Node follower() throws Exception {
    Node leader = leader();
    return nodes.values().stream().filter(n -> n != leader).findFirst().orElseThrow();
  }

  /** Submits until somebody acknowledges it; what may have been applied before is told apart. */
  private void commit(String entry) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    for (int attempt = 0; ; attempt++) {
      try {
        leader()
            .log
            .submit((entry + "/" + attempt).getBytes(StandardCharsets.UTF_8))
            .await(20, TimeUnit.SECONDS);
        return;
      } catch (LogException e) {
        assertThat(System.nanoTime()).as("no commit: " + e).isLessThan(deadline);
        Thread.sleep(10);
      }
    }
  }

  private static List<String> committed(Node node) {
    return node.machine.entries().stream()
        .map(e -> e.substring(0, e.indexOf('/')))
        .distinct()
        .toList();
  }

  private void allHave(String... entries) throws Exception {
    for (Node node : nodes.values()) {
      until(
          node.id + " has " + entries.length + " entries",
          () -> committed(node).containsAll(List.of(entries)));
    }
    List<List<String>> states = nodes.values().stream().map(n -> n.machine.entries()).toList();
    assertThat(states).allSatisfy(state -> assertThat(state).isEqualTo(states.get(0)));
  }

  @Test
  void threeNodesElectALeaderAndCommit() throws Exception {
    start("a", "b", "c");
    commit("one");
    commit("two");
    allHave("one", "two");
    assertThat(leader().log.followers()).hasSize(2);
    assertThat(leader().log.leaderSilenceMs()).isZero();
    assertThat(follower().log.leaderSilenceMs()).isLessThan(10_000);
    assertThat(follower().log.status().leaderId()).isEqualTo(leader().id);
  }

  @Test
  void aNodeWithoutAQuorumWaitsForItAndCommitsNothing() throws Exception {
    start("a");
    assertThat(nodes.get("a").log.submit("x/0".getBytes(StandardCharsets.UTF_8)))
        .satisfies(
            future -> {
              until("it is refused", future::isComplete);
              assertThat(future.cause())
                  .isInstanceOfSatisfying(
                      LogException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_LEADER));
            });
    start("b");
    commit("one");
    start("c");
    allHave("one");
  }

  @Test
  void anotherNodeLeadsWhenTheLeaderIsGoneAndItCatchesUpLater() throws Exception {
    start("a", "b", "c");
    commit("one");
    String first = leader().id;
    for (String id : List.copyOf(nodes.keySet())) {
      if (!id.equals(first)) {
        network.cut(first, id);
      }
    }
    Node old = nodes.get(first);
    until(
        "another leads",
        () -> nodes.values().stream().anyMatch(n -> n != old && n.log.reign() > 0));
    commit("two");
    until("the old leader gives up", () -> old.log.reign() == 0);
    network.heal();
    commit("three");
    allHave("one", "two", "three");
  }

  @Test
  void aLeaderThatIsCutOffAnswersNoBarrier() throws Exception {
    start("a", "b", "c");
    commit("one");
    Node old = leader();
    List<String> others = nodes.keySet().stream().filter(id -> !id.equals(old.id)).toList();
    others.forEach(id -> network.cut(old.id, id));
    var barrier = old.log.barrier();
    until("the others go on", () -> others.stream().anyMatch(id -> nodes.get(id).log.reign() > 0));
    commit("two");
    until("the barrier is answered", barrier::isComplete);
    assertThat(barrier.failed()).as("the state it would have been told of lacks two").isTrue();
  }

  @Test
  void aNodeThatWasAwayForLongGetsTheSnapshot() throws Exception {
    snapshots = new RaftConfig.Snapshots(20, 1 << 20, false);
    start("a", "b", "c");
    commit("first");
    allHave("first");
    String away = follower().id;
    stop(away);
    for (int i = 0; i < 120; i++) {
      commit("more-" + i);
    }
    start(away);
    allHave("first", "more-0", "more-119");
    assertThat(nodes.get(away).machine.restored()).as("entries that came by snapshot").isPositive();
    commit("last");
    allHave("last");
  }

  @Test
  void leadershipIsHandedOverWithoutAGap() throws Exception {
    start("a", "b", "c");
    commit("one");
    Node old = leader();
    String next = follower().id;
    old.log.handOver(next, Duration.ofSeconds(10)).get(30, TimeUnit.SECONDS);
    until("the other leads", () -> nodes.get(next).log.reign() > 0);
    assertThat(old.log.reign()).isZero();
    commit("two");
    allHave("one", "two");
  }

  @Test
  void aLeaderThatStopsHandsOverFirst() throws Exception {
    start("a", "b", "c");
    commit("one");
    long term = leader().log.status().term();
    stop(leader().id);
    commit("two");
    // Without a handover the followers would need a round of pre-votes after their timeout; the
    // term rises by one either way, but only with it is somebody leading already.
    assertThat(leader().log.status().term()).isEqualTo(term + 1);
    allHave("one", "two");
  }

  @Test
  void aNodeThatIsNoContactHandsBackToOneThatIs() throws Exception {
    voters = List.of(new Voter("a", true), new Voter("b", false), new Voter("c", false));
    start("b", "c");
    commit("one");
    assertThat(leader().id).isIn("b", "c");
    start("a");
    until("the contact leads", () -> nodes.get("a").log.reign() > 0);
    commit("two");
    allHave("one", "two");
  }

  @Test
  void manySubmittersAreAllAnsweredInOneTerm() throws Exception {
    start("a", "b", "c");
    commit("warm");
    Node leader = leader();
    long term = leader.log.status().term();
    int submitters = 128;
    int total = 5_000;
    var failed = new AtomicInteger();
    var done = new CountDownLatch(total);
    for (int s = 0; s < submitters; s++) {
      submitInTurn(leader, s, total, submitters, failed, done);
    }
    assertThat(done.await(5, TimeUnit.MINUTES)).isTrue();
    assertThat(failed.get()).isZero();
    assertThat(leader.log.status().term()).isEqualTo(term);
    for (Node node : nodes.values()) {
      until(node.id + " has all", () -> node.machine.entries().size() == total + 1);
    }
  }

  private static void submitInTurn(
      Node node, int number, int total, int step, AtomicInteger failed, CountDownLatch done) {
    if (number >= total) {
      return;
    }
    node.log
        .submit(("e" + number + "/0").getBytes(StandardCharsets.UTF_8))
        .onFailure(e -> failed.incrementAndGet())
        .onComplete(
            outcome -> {
              done.countDown();
              submitInTurn(node, number + step, total, step, failed, done);
            });
  }

  @Test
  void whatIsAcknowledgedSurvivesABadNetworkOnEveryNode() throws Exception {
    start("a", "b", "c");
    commit("start");
    network.faults = new FakeNetwork.Faults(0.03, 0.05, 15, 0.01);
    List<String> acknowledged = new ArrayList<>();
    var random = new java.util.Random(4);
    for (int i = 0; i < 60; i++) {
      if (i % 15 == 7) {
        String lonely = List.copyOf(nodes.keySet()).get(random.nextInt(3));
        nodes.keySet().stream()
            .filter(id -> !id.equals(lonely))
            .forEach(id -> network.cut(lonely, id));
      } else if (i % 15 == 12) {
        network.heal();
      }
      commit("n" + i);
      acknowledged.add("n" + i);
    }
    network.heal();
    network.faults = FakeNetwork.Faults.NONE;
    allHave(acknowledged.toArray(String[]::new));
    assertThat(committed(leader())).containsSubsequence(acknowledged);
  }
}
