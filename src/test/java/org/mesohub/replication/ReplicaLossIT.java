package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.replication.ChunkCluster.blobs;
import static org.mesohub.replication.ChunkCluster.eventually;
import static org.mesohub.replication.ChunkCluster.ids;
import static org.mesohub.store.ChunkStoreContract.await;
import static org.mesohub.store.ChunkStoreContract.failure;

import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.placement.Member;
import org.mesohub.replication.ChunkCluster.Node;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

/** What puts and reads do while replicas are gone, wrong, slow or late. */
class ReplicaLossIT {
  /** Gives silent members up after a second, so that tests end. */
  private static final ReplicationLimits IMPATIENT =
      new ReplicationLimits(3, 1_000, 3_000, 500, 300, 200, 8 << 20);

  @TempDir Path folder;

  @Test
  void withOneOfThreeDownPutsSucceedAndReadsAnswer() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      List<Blob> blobs = blobs(1, 30, 20_000);
      Node leader = cluster.nodes.get(0);
      cluster.nodes.get(1).down();

      await(leader.store.put(blobs));

      eventually("the count of what repair has to do", () -> underReplicated(leader) == 30);
      for (Blob blob : blobs) {
        assertThat(await(cluster.nodes.get(2).store.get(blob.id()))).isEqualTo(blob.bytes());
      }
      assertThat(await(leader.store.present(ids(blobs)))).hasSize(30);
      assertThat(leader.store.counters().failures()).containsOnlyKeys("n2");

      cluster.nodes.get(1).up();
      List<Blob> more = blobs(2, 3, 20_000);
      eventually(
          "puts to the member that is back",
          () -> {
            await(leader.store.put(more));
            return cluster.nodes.get(1).has(more.get(0).id());
          });
    }
  }

  @Test
  void withTwoOfThreeDownPutsFailAndSayWhoDidNotAnswer() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      Node leader = cluster.nodes.get(0);
      List<Blob> before = blobs(1, 5, 20_000);
      await(leader.store.put(before));
      // Acknowledged when two members have them: the third answers later.
      eventually("all copies", () -> replicated(leader) == before.size());
      cluster.nodes.get(1).down();
      cluster.nodes.get(2).down();

      for (int i = 0; i < 3; i++) {
        StoreException failure = failure(leader.store.put(blobs(2 + i, 5, 20_000)));
        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("n2").hasMessageContaining("n3");
      }

      assertThat(await(leader.store.get(before.get(0).id()))).isEqualTo(before.get(0).bytes());
      assertThat(await(leader.store.list(null, 100))).containsAll(ids(before));
      assertThat(underReplicated(leader)).isZero();
    }
  }

  @Test
  void aCorruptReplicaIsNeverServedAndIsHealedByReads() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      List<Blob> blobs = new ArrayList<>(blobs(1, 2, 3_000));
      blobs.addAll(blobs(2, 2, 300_000));
      await(cluster.nodes.get(0).store.put(blobs));
      Node wrong = cluster.nodes.get(1);
      for (Blob blob : blobs) {
        eventually("a copy there", () -> wrong.has(blob.id()));
        wrong.flipByte(blob);
        assertThat(wrong.isWhole(blob)).isFalse();
      }

      // At the member itself, and from one that lost its own and may ask the wrong one first.
      assertThat(await(wrong.store.get(blobs.get(0).id()))).isEqualTo(blobs.get(0).bytes());
      assertThat(await(wrong.store.get(blobs.get(2).id()))).isEqualTo(blobs.get(2).bytes());
      assertThat(await(wrong.store.heal(blobs.get(1).id()))).isTrue();
      assertThat(failure(wrong.local.get(blobs.get(3).id(), false)).reason())
          .isEqualTo(Reason.CORRUPT);
      assertThat(await(wrong.store.heal(blobs.get(3).id()))).isTrue();

      for (Blob blob : blobs) {
        eventually("the healing of " + blob.id(), () -> wrong.isWhole(blob));
      }
      assertThat(wrong.store.counters().readRepairs().sum()).isEqualTo(4);
    }
  }

  @Test
  void aPeerThatIsAskedForWhatIsCorruptHealsItselfWithoutAskingInCircles() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      Blob blob = blobs(1, 1, 50_000).get(0);
      await(cluster.nodes.get(0).store.put(List.of(blob)));
      for (Node node : cluster.nodes) {
        eventually("a copy", () -> node.has(blob.id()));
        node.flipByte(blob);
      }
      assertThat(failure(cluster.nodes.get(0).store.get(blob.id())).reason())
          .isEqualTo(Reason.CORRUPT);
      // Each of the peers asks the others once and gives up: their failures come to rest.
      long[] failures = {-1};
      eventually(
          "an end of it",
          () -> {
            long now = failures(cluster);
            boolean rest = now == failures[0];
            failures[0] = now;
            Thread.sleep(200);
            return rest;
          });
      assertThat(failures[0]).isLessThan(12);

      Node whole = cluster.nodes.get(2);
      await(whole.database.replace(blob));
      assertThat(await(cluster.nodes.get(0).store.get(blob.id()))).isEqualTo(blob.bytes());
      eventually("the healing of the reader", () -> cluster.nodes.get(0).isWhole(blob));
    }
  }

  @Test
  void whatIsMissingHereComesFromAnotherMemberAndStays() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      List<Blob> blobs = blobs(1, 4, 60_000);
      await(cluster.nodes.get(0).database.put(blobs));
      Node reader = cluster.nodes.get(2);
      for (Blob blob : blobs) {
        assertThat(await(reader.store.get(blob.id()))).isEqualTo(blob.bytes());
      }
      assertThat(reader.store.counters().remoteReads().sum()).isEqualTo(4);
      eventually(
          "a copy here", () -> await(reader.database.present(ids(blobs))).size() == blobs.size());
    }
  }

  @Test
  void aMemberThatAcceptsAndNeverAnswersNeitherHoldsPutsUpNorFillsTheMemory() throws Exception {
    List<Member> members = ChunkCluster.members(3);
    try (var cluster = new ChunkCluster(members, 2, folder, IMPATIENT, null)) {
      NetServer silent =
          await(
              cluster
                  .vertx
                  .createNetServer()
                  .connectHandler(socket -> socket.handler(bytes -> {}))
                  .listen(members.get(2).internalPort(), ChunkCluster.ANY));
      Node leader = cluster.nodes.get(0);
      // Ten times what may be under way to a member.
      for (int i = 0; i < 20; i++) {
        await(leader.store.put(blobs(100 + i, 8, 512 << 10)));
      }
      eventually(
          "the end of what was under way",
          () -> underReplicated(leader) + replicated(leader) == 160);
      assertThat(underReplicated(leader)).isEqualTo(160);
      assertThat(leader.store.freeTo("n3")).isEqualTo(IMPATIENT.inFlightBytes());
      await(silent.close());
    }
  }

  @Test
  void aMemberThatIsSlowIsLeftBehindAtItsQuorum() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      Node leader = cluster.nodes.get(0);
      Node slow = cluster.nodes.get(2);
      // It waits for a condemnation that it does not hear of, then refuses: the slowest there is.
      leader.catalogue.updateAndGet(ChunkCluster.condemn(Set.of()));
      cluster.nodes.get(1).catalogue.updateAndGet(ChunkCluster.condemn(Set.of()));
      List<Blob> blobs = blobs(1, 10, 50_000);
      await(leader.store.put(blobs));
      eventually("the refusal", () -> underReplicated(leader) == 10);
      assertThat(await(slow.database.list(null, 10))).isEmpty();

      slow.catalogue.updateAndGet(ChunkCluster.condemn(Set.of()));
      await(leader.store.put(blobs));
      eventually("the copies", () -> await(slow.database.list(null, 100)).size() == 10);
    }
  }

  @Test
  void aPutOfACondemnedChunkWaitsForTheEndOfItsRemoval() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      Node leader = cluster.nodes.get(0);
      Blob blob = blobs(1, 1, 1_000).get(0);
      cluster.apply(ChunkCluster.condemn(Set.of(blob.id())));
      assertThat(failure(leader.store.put(List.of(blob)))).hasMessageContaining("is being removed");
      Future<Void> waiting = leader.store.put(List.of(blob));
      cluster.apply(ChunkCluster.collected());
      await(waiting);
    }
  }

  @Test
  void aRemovalThatComesLateTakesNothingThatWasPutAgain() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      Node leader = cluster.nodes.get(0);
      List<Blob> blobs = blobs(1, 5, 5_000);
      await(leader.store.put(blobs));
      cluster.apply(ChunkCluster.condemn(ids(blobs)));
      long epoch = leader.local.condemnEpoch();
      await(leader.store.delete(ids(blobs)));
      for (Node node : cluster.nodes) {
        assertThat(await(node.database.list(null, 10))).isEmpty();
      }
      cluster.apply(ChunkCluster.collected());
      await(leader.store.put(blobs));

      for (Node node : cluster.nodes) {
        await(node.local.delete(epoch, ids(blobs)));
      }
      assertThat(await(leader.store.present(ids(blobs)))).hasSize(5);
    }
  }

  @Test
  void garbageOfAMemberThatWasAwayIsListedAndRemovedLater() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, IMPATIENT)) {
      Node leader = cluster.nodes.get(0);
      Node away = cluster.nodes.get(1);
      List<Blob> blobs = blobs(1, 5, 5_000);
      await(leader.store.put(blobs));
      for (Blob blob : blobs) {
        eventually("a copy there", () -> away.has(blob.id()));
      }
      away.down();
      cluster.apply(ChunkCluster.condemn(ids(blobs)));
      await(leader.store.delete(ids(blobs)));
      cluster.apply(ChunkCluster.collected());
      assertThat(await(leader.store.list(null, 10))).isEmpty();

      away.up();
      eventually("the garbage", () -> await(leader.store.list(null, 10)).size() == 5);
      cluster.apply(ChunkCluster.condemn(ids(blobs)));
      await(leader.store.delete(ids(blobs)));
      assertThat(await(away.database.list(null, 10))).isEmpty();
    }
  }

  private static long underReplicated(Node node) {
    return node.store.counters().underReplicated().sum();
  }

  private static long replicated(Node node) {
    return node.store.counters().replicated().sum();
  }

  private static long failures(ChunkCluster cluster) {
    return cluster.nodes.stream()
        .flatMap(node -> node.store.counters().failures().values().stream())
        .mapToLong(java.util.concurrent.atomic.LongAdder::sum)
        .sum();
  }
}
