package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cluster.LogException.Reason;
import org.mesohub.cluster.RaftConfig.Voter;

/** The log of three voters, on a bus whose links can be cut. */
class TrioIT {
  @TempDir Path folder;

  @Test
  void whatOneNodeAcknowledgesAllNodesApply() throws Exception {
    try (Trio trio = trio()) {
      Trio.Node leader = trio.awaitLeader();
      for (int i = 0; i < 50; i++) {
        assertThat(RaftFixture.index(Trio.await(leader.send("entry-" + i)))).isEqualTo(i + 1L);
      }
      trio.awaitEqualStates();
      assertThat(leader.machine.entries()).hasSize(50);
      trio.await("no lag", () -> lag(leader) == 0);
      assertThat(leader.log.progress().followers()).hasSize(2);
      for (Trio.Node follower : others(trio, leader)) {
        assertThat(follower.log.progress().leaderContactMillis()).isPresent();
        assertThat(Trio.await(follower.send("x").map("sent").otherwise("refused")))
            .isEqualTo("refused");
      }
    }
  }

  @Test
  void anotherLeadsAfterTheLeaderIsGoneAndTheOldOneCatchesUp() throws Exception {
    try (Trio trio = trio()) {
      for (int round = 0; round < 3; round++) {
        Trio.Node old = trio.awaitLeader();
        trio.submit("before-" + round);
        old.crash();
        Trio.Node next = trio.awaitLeaderOtherThan(old.id);
        trio.submit("after-" + round);
        assertThat(next.machine.entries()).contains("before-" + round, "after-" + round);
        old.start();
        trio.awaitEqualStates();
      }
    }
  }

  @Test
  void aLeaderThatIsCutOffAcknowledgesNothingAndTheOthersGoOn() throws Exception {
    try (Trio trio = trio()) {
      Trio.Node old = trio.awaitLeader();
      trio.submit("before");
      trio.faults.isolate(old.id, trio.ids.stream().filter(id -> !id.equals(old.id)).toList());
      Future<byte[]> lost = old.send("lost");
      Future<Void> read = old.log.barrier();
      Trio.Node next = trio.awaitLeaderOtherThan(old.id);
      Trio.await(next.send("meanwhile"));
      assertThat(Trio.await(lost.map("ok").otherwise(RatisReason::of))).isEqualTo("INDETERMINATE");
      assertThat(Trio.await(read.map("ok").otherwise(RatisReason::of))).isNotEqualTo("ok");
      assertThat(old.log.progress().followers()).isEmpty();
      trio.faults.heal();
      trio.awaitEqualStates();
      assertThat(next.machine.entries()).containsExactly("before", "meanwhile");
    }
  }

  /** Why a submit failed. */
  private static final class RatisReason {
    static String of(Throwable failure) {
      return failure instanceof LogException known ? known.reason().name() : failure.toString();
    }
  }

  @Test
  void aNodeThatMissedWhatIsPurgedGetsASnapshot() throws Exception {
    UnaryOperator<RaftConfig> settings =
        config -> config.withSnapshots(new RaftConfig.Snapshots(20, 8 << 20, false));
    try (Trio trio = Trio.local(folder, 1, settings)) {
      Trio.Node leader = trio.awaitLeader();
      Trio.Node absent = others(trio, leader).get(0);
      trio.submit("early");
      absent.crash();
      String text = "x".repeat(900); // the state becomes larger than a frame
      for (int i = 0; i < 600; i++) {
        trio.submit(text + i);
      }
      String large = "y".repeat(900 << 10);
      for (int i = 0; i < 12; i++) {
        trio.submit(large); // segments are purged whole
      }
      absent.start();
      trio.awaitEqualStates();
      assertThat(absent.machine.restored()).isGreaterThan(500);
      trio.submit("late");
      trio.awaitEqualStates();
      absent.crash();
      absent.start();
      trio.awaitEqualStates();
    }
  }

  @Test
  void oneHundredAndTwentyEightSubmittersAreAllAnsweredWithinOneTerm() throws Exception {
    int submitters = 128;
    int total = 10_000;
    try (Trio trio = trio()) {
      Trio.Node leader = trio.awaitLeader();
      long term = leader.log.status().term();
      CountDownLatch done = new CountDownLatch(total);
      List<Throwable> failures = new ArrayList<>();
      ConcurrentHashMap<Long, String> told = new ConcurrentHashMap<>();
      for (int s = 0; s < submitters; s++) {
        submitInTurn(leader, s, total, submitters, told, failures, done);
      }
      assertThat(done.await(5, TimeUnit.MINUTES)).as("all answered").isTrue();
      assertThat(failures).isEmpty();
      assertThat(told).hasSize(total);
      trio.awaitEqualStates();
      assertThat(leader.machine.entries()).containsExactlyInAnyOrderElementsOf(told.values());
      assertThat(leader.log.status().term()).as("term").isEqualTo(term);
    }
  }

  private static void submitInTurn(
      Trio.Node leader,
      int number,
      int total,
      int step,
      ConcurrentHashMap<Long, String> told,
      List<Throwable> failures,
      CountDownLatch done) {
    if (number >= total) {
      return;
    }
    String entry = "entry-" + number;
    leader
        .send(entry)
        .onSuccess(answer -> told.put(RaftFixture.index(answer), entry))
        .onFailure(
            failure -> {
              synchronized (failures) {
                failures.add(failure);
              }
            })
        .onComplete(
            outcome -> {
              done.countDown();
              submitInTurn(leader, number + step, total, step, told, failures, done);
            });
  }

  @Test
  void leadershipIsHandedOverOnRequest() throws Exception {
    try (Trio trio = trio()) {
      Trio.Node old = trio.awaitLeader();
      trio.submit("before");
      old.log.admin().handOver().get(60, TimeUnit.SECONDS);
      trio.await("another leads", () -> !old.log.status().isLeader());
      Trio.Node next = trio.awaitLeaderOtherThan(old.id);
      trio.submit("after");
      assertThat(next.machine.entries()).contains("before", "after");
    }
  }

  @Test
  void aNodeThatIsNoContactLeadsOnlyWhileNoOtherCan() throws Exception {
    List<Voter> voters =
        List.of(new Voter("n1", true), new Voter("n2", false), new Voter("n3", false));
    try (Trio trio = Trio.local(folder, voters)) {
      trio.await("the contact leads", () -> leads(trio, "n1"));
      Trio.Node contact = trio.nodes.get("n1");
      contact.crash();
      trio.awaitLeaderOtherThan("n1");
      trio.submit("meanwhile");
      contact.start();
      trio.await("the contact leads again", () -> leads(trio, "n1"));
      trio.submit("afterwards");
      trio.awaitEqualStates();
    }
  }

  private static boolean leads(Trio trio, String id) {
    return trio.leader().filter(node -> node.id.equals(id)).isPresent();
  }

  @Test
  void listenersLearnWhoLeadsAndWhenTheNodeMayWrite() throws Exception {
    try (Trio trio = trio()) {
      ConcurrentHashMap<String, List<LeaderChange>> told = new ConcurrentHashMap<>();
      trio.ids.forEach(
          id -> {
            List<LeaderChange> heard = new java.util.concurrent.CopyOnWriteArrayList<>();
            told.put(id, heard);
            trio.nodes.get(id).log.onLeader(heard::add);
          });
      Trio.Node first = trio.awaitLeader();
      trio.await("told", () -> last(told.get(first.id)).ready());
      first.log.admin().handOver().get(60, TimeUnit.SECONDS);
      Trio.Node second = trio.awaitLeaderOtherThan(first.id);
      trio.await("told", () -> last(told.get(second.id)).ready());
      trio.await("told", () -> last(told.get(first.id)).leaderId().equals(second.id));
      assertThat(last(told.get(first.id)).ready()).isFalse();
      assertThat(last(told.get(second.id)).term())
          .isGreaterThan(
              last(told.get(first.id).stream().filter(LeaderChange::ready).toList()).term());
    }
  }

  private static LeaderChange last(List<LeaderChange> changes) {
    return changes.isEmpty() ? new LeaderChange("", false, 0) : changes.get(changes.size() - 1);
  }

  @Test
  void aMinorityStartsAndWaitsForTheOthers() throws Exception {
    UnaryOperator<RaftConfig> settings = config -> config.withSubmitTimeout(Duration.ofMillis(500));
    try (Trio trio = Trio.localDown(folder, settings)) {
      trio.startAll(); // the first time they wait for each other
      trio.submit("first");
      for (Trio.Node node : trio.nodes.values()) {
        node.crash();
      }
      Trio.Node early = trio.nodes.get("n1");
      early.start();
      assertThat(Trio.await(early.send("x").map("ok").otherwise(RatisReason::of)))
          .isEqualTo(Reason.NOT_LEADER.name());
      assertThat(early.log.status().leaderId()).isEmpty();
      trio.nodes.get("n2").start();
      trio.awaitLeader();
      trio.submit("with two");
    }
  }

  /** As one whom the first leader had not reached before it died. */
  @Test
  void aVoterWithAnEmptyLogHelpsToElectOneThatHasEntries() throws Exception {
    try (Trio trio = trio()) {
      trio.submit("before");
      trio.awaitEqualStates();
      Trio.Node leader = trio.awaitLeader();
      List<Trio.Node> others = trio.running().stream().filter(node -> node != leader).toList();
      Trio.Node empty = others.get(0);
      empty.crash();
      leader.crash();
      emptyLog(folder.resolve(empty.id + "/raft/" + trio.config(empty.id).groupId()));
      empty.start();
      assertThat(trio.awaitLeader()).isSameAs(others.get(1));
      trio.submit("after");
      trio.awaitEqualStates();
      assertThat(empty.machine.entries()).containsExactly("before", "after");
    }
  }

  /** Keeps what the node has voted for. */
  private static void emptyLog(Path group) throws IOException {
    int deleted = 0;
    for (String part : List.of("current", "sm")) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(group.resolve(part))) {
        for (Path file : files) {
          if (!file.getFileName().toString().startsWith("raft-meta")) {
            Files.delete(file);
            deleted++;
          }
        }
      }
    }
    assertThat(deleted).isPositive();
  }

  private Trio trio() throws Exception {
    return Trio.local(folder, 1, UnaryOperator.identity());
  }

  private static long lag(Trio.Node leader) {
    return leader.log.progress().followers().values().stream()
        .mapToLong(Progress.Follower::lag)
        .max()
        .orElse(Long.MAX_VALUE);
  }

  private static List<Trio.Node> others(Trio trio, Trio.Node node) {
    return trio.running().stream().filter(other -> other != node).toList();
  }
}
