package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.bus.BusWatchdog.PeerState;

/** The log of three voters, each with a clustered Vert.x of its own. */
class ClusteredBusIT {
  @TempDir Path folder;

  @Test
  void theLogGoesOnWhenANodeDiesAndEvenWithoutHazelcast() throws Exception {
    try (Trio trio = Trio.clustered(folder)) {
      Trio.Node first = trio.awaitLeader();
      trio.submit("a");
      trio.submit("b".repeat(1 << 20)); // travels in pieces
      trio.awaitEqualStates();
      trio.await("peers up", () -> first.watchdog.peers().stream().allMatch(PeerState::up));

      first.crash();
      Trio.Node second = trio.awaitLeaderOtherThan(first.id);
      trio.submit("c");
      trio.await("silence seen", () -> !peer(second, first.id).up());
      first.start();
      trio.awaitEqualStates();
      trio.await("peer up again", () -> peer(second, first.id).up());

      for (HazelcastInstance instance : Hazelcast.getAllHazelcastInstances()) {
        instance.getLifecycleService().terminate();
      }
      trio.submit("d");
      Trio.Node leader = trio.awaitLeader();
      leader.log.admin().handOver().get();
      trio.submit("e");
      trio.awaitEqualStates();
      assertThat(trio.awaitLeader().machine.entries()).contains("a", "c", "d", "e");
    }
  }

  /** Silence alone would not end this test in time. */
  @Test
  void aLeaderWhoseProcessEndsHasASuccessorWithoutSilenceBeingWaitedFor() throws Exception {
    var patient = new RaftConfig.Election(Duration.ofMinutes(20), Duration.ofMinutes(40));
    try (Trio trio = Trio.clustered(folder, config -> config.withElection(patient))) {
      Trio.Node leader = trio.awaitLeader();
      long term = leader.log.status().term();
      trio.submit("a");
      leader.crash();
      Trio.Node next = trio.awaitLeaderOtherThan(leader.id);
      assertThat(next.log.status().term()).isEqualTo(term + 1);
      assertThat(next.machine.entries()).containsExactly("a");
    }
  }

  private static PeerState peer(Trio.Node node, String id) {
    return node.watchdog.peers().stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
  }
}
