package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.replication.ChunkCluster.blobs;
import static org.mesohub.replication.ChunkCluster.eventually;
import static org.mesohub.replication.ChunkCluster.ids;
import static org.mesohub.store.ChunkStoreContract.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.replication.ChunkCluster.Node;
import org.mesohub.replication.Repair.Progress;
import org.mesohub.store.ChunkStore.Blob;

/** What background work brings back. */
class RepairIT {
  private static final ReplicationLimits TWO_COPIES =
      new ReplicationLimits(2, 2_000, 4_000, 500, 300, 200, 8 << 20);
  private static final ReplicationLimits THREE_COPIES =
      new ReplicationLimits(3, 2_000, 4_000, 500, 300, 200, 8 << 20);
  private static final Repair.Settings SETTINGS =
      new Repair.Settings(Duration.ofMinutes(10), 1L << 40);

  @TempDir Path folder;

  @Test
  void aMemberThatIsBackGetsWhatItMissed() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, THREE_COPIES)) {
      Node leader = cluster.nodes.get(0);
      Node away = cluster.nodes.get(1);
      List<Blob> before = blobs(1, 20, 3_000);
      await(leader.store.put(before));
      for (Blob blob : before) {
        eventually("a copy there", () -> away.has(blob.id()));
      }
      away.down();
      List<Blob> missed = blobs(2, 30, 3_000);
      await(leader.store.put(missed));
      var named = new HashSet<>(ids(before));
      named.addAll(ids(missed));
      named.remove(missed.get(0).id()); // garbage: nobody brings it
      var repair = new Repair(leader.store, SETTINGS);
      assertThat(repair.run(named).copied()).isZero();

      away.up();
      eventually("an answer of it", () -> repair.run(named).missing() > 0);
      for (Blob blob : missed.subList(1, 30)) {
        assertThat(away.isWhole(blob)).isTrue();
      }
      assertThat(away.has(missed.get(0).id())).isFalse();
      assertThat(repair.run(named)).isEqualTo(new Progress(49, 0, 0, 0, 0));
    }
  }

  @Test
  void whatBelongsToAMemberThatIsGoneForLongGoesToTheNext() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, TWO_COPIES)) {
      Node leader = cluster.nodes.get(0);
      Node gone = cluster.nodes.get(2);
      List<Blob> blobs = blobs(1, 40, 3_000);
      await(leader.store.put(blobs));
      var clock = new AtomicLong(7);
      var repair = new Repair(leader.store, SETTINGS, clock::get);
      var named = new HashSet<>(ids(blobs));
      assertThat(repair.run(named)).isEqualTo(new Progress(40, 0, 0, 0, 0));
      gone.down();
      assertThat(repair.run(named).missing()).isZero();
      clock.addAndGet(TimeUnit.MINUTES.toNanos(9));
      assertThat(repair.run(named).missing()).isZero();

      clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
      Progress moved = repair.run(named);
      assertThat(moved.copied()).isEqualTo(moved.missing()).isPositive();
      for (Blob blob : blobs) {
        assertThat(leader.isWhole(blob)).isTrue();
        assertThat(cluster.nodes.get(1).isWhole(blob)).isTrue();
      }
    }
  }

  @Test
  void aChunkThatNobodyHasIsReportedLost() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, THREE_COPIES)) {
      List<Blob> blobs = blobs(1, 3, 100);
      Node leader = cluster.nodes.get(0);
      await(leader.database.put(blobs.subList(0, 1)));
      Progress progress = new Repair(leader.store, SETTINGS).run(new HashSet<>(ids(blobs)));
      assertThat(progress).isEqualTo(new Progress(3, 8, 2, 2, 0));
    }
  }

  @Test
  void scrubFindsWhatIsCorruptAndFetchesItAgain() throws Exception {
    try (var cluster = new ChunkCluster(3, folder, THREE_COPIES)) {
      Node node = cluster.nodes.get(1);
      List<Blob> blobs = new ArrayList<>(blobs(1, 300, 500));
      blobs.addAll(blobs(2, 3, 200_000));
      await(cluster.nodes.get(0).store.put(blobs));
      for (Blob blob : blobs) {
        eventually("a copy there", () -> node.has(blob.id()));
      }
      Blob onlyHere = blobs(3, 1, 700).get(0);
      await(node.database.put(List.of(onlyHere)));
      node.flipByte(blobs.get(17));
      node.flipByte(blobs.get(301));
      node.flipByte(onlyHere);

      try (var scrub = new Scrub(node.database, node.store::heal, 1L << 40)) {
        assertThat(round(scrub)).isEqualTo(new Scrub.Outcome(304, 299 * 500 + 2 * 200_000, 3, 2));
        assertThat(node.isWhole(blobs.get(17))).isTrue();
        assertThat(node.isWhole(blobs.get(301))).isTrue();
        assertThat(node.has(onlyHere.id())).isTrue();
        assertThat(round(scrub).corrupt()).isEqualTo(1);
        assertThat(scrub.rounds()).isEqualTo(new Scrub.Rounds(2, false, ""));
        assertThat(scrub.total()).extracting(Scrub.Outcome::corrupt).isEqualTo(4L);
      }
    }
  }

  private static Scrub.Outcome round(Scrub scrub) throws Exception {
    assertThat(scrub.begin().running()).isTrue();
    eventually("the end of the round", () -> !scrub.rounds().running());
    return scrub.outcome();
  }
}
