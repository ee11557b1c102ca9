package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cluster.LedgerMachine.Line;
import org.mesohub.cluster.LogException.Reason;

class RatisLogIT {
  @TempDir Path folder;

  @Test
  void answersComeFromTheStateMachineInOrder() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      assertThat(node.submit("a")).isEqualTo(1);
      assertThat(node.submit("b")).isEqualTo(2);
      assertThat(node.machine.entries()).containsExactly("a", "b");
      ReplicatedLog.LogStatus status = node.log().status();
      assertThat(status.isLeader()).isTrue();
      assertThat(status.voters()).containsExactly("n1");
      assertThat(status.appliedIndex()).isEqualTo(status.commitIndex());
      assertThat(node.log().trouble()).isEmpty();
    }
  }

  @Test
  void aNodeAloneGoesOnWhereAFullDiskHasTakenItsTerm() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      node.submit("a");
    }
    try (RaftFixture node = RaftFixture.start(config())) {
      node.submit("b");
    }
    Path current = config().raftFolder().resolve(config().groupId() + "/current");
    Files.write(current.resolve("raft-meta"), new byte[0]);
    Files.write(current.resolve("raft-meta.conf"), new byte[0]);
    for (String entry : List.of("c", "d")) {
      try (RaftFixture node = RaftFixture.start(config())) {
        node.submit(entry);
        assertThat(node.machine.entries()).startsWith("a", "b", "c").endsWith(entry);
      }
    }
  }

  @Test
  void concurrentSubmittersAreAllAnsweredAndTheStateIsWhatTheyWereTold() throws Exception {
    int submitters = 128;
    int total = 10_000;
    ConcurrentSkipListMap<Long, String> told = new ConcurrentSkipListMap<>();
    CountDownLatch done = new CountDownLatch(total);
    try (RaftFixture node = RaftFixture.start(config())) {
      for (int s = 0; s < submitters; s++) {
        submitInTurn(node, s, total, submitters, told, done);
      }
      assertThat(done.await(5, TimeUnit.MINUTES)).as("all answered").isTrue();

      assertThat(told).hasSize(total);
      assertThat(node.machine.entries()).containsExactlyElementsOf(told.values());
      assertThat(told.lastKey()).isEqualTo(total);
      assertThat(node.log().status().commitIndex())
          .as("Raft entries of %d entries", total)
          .isLessThan(total / 2);
    }
  }

  private static void submitInTurn(
      RaftFixture node,
      int number,
      int total,
      int step,
      ConcurrentSkipListMap<Long, String> told,
      CountDownLatch done) {
    if (number >= total) {
      return;
    }
    String entry = "entry-" + number;
    node.send(entry)
        .onSuccess(answer -> told.put(RaftFixture.index(answer), entry))
        .onComplete(
            outcome -> {
              done.countDown();
              submitInTurn(node, number + step, total, step, told, done);
            });
  }

  @Test
  void timeNeverGoesBackEvenIfTheClockDoesAndTheNodeRestarts() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      node.submit("a");
      node.clockMicros.set(5);
      node.submit("b");
    }
    try (RaftFixture node = RaftFixture.start(config())) {
      node.clockMicros.set(7);
      node.submit("c");
      List<Line> lines = node.machine.lines();
      assertThat(lines.get(1).timeMicros()).isEqualTo(lines.get(0).timeMicros());
      assertThat(lines.get(2).timeMicros()).isEqualTo(lines.get(0).timeMicros());
    }
  }

  @Test
  void aRestartReplaysTheLogExactlyOnce() throws Exception {
    RaftConfig config = config().withSnapshots(never());
    List<Line> before;
    try (RaftFixture node = RaftFixture.start(config)) {
      submitMany(node, 0, 200);
      before = node.machine.lines();
    }
    for (int restart = 0; restart < 3; restart++) {
      try (RaftFixture node = RaftFixture.start(config)) {
        assertThat(node.machine.lines()).isEqualTo(before);
        assertThat(node.machine.restored()).isZero();
        assertThat(node.machine.applied()).isEqualTo(200);
      }
    }
    try (RaftFixture node = RaftFixture.start(config)) {
      assertThat(node.submit("next")).isEqualTo(201);
    }
  }

  @Test
  void aRestartGoesOnFromASnapshotAndTheTailOfThePurgedLog() throws Exception {
    RaftConfig config = config().withSnapshots(new RaftConfig.Snapshots(20, Long.MAX_VALUE, false));
    List<Line> before;
    try (RaftFixture node = RaftFixture.start(config)) {
      for (int i = 0; i < 110; i++) {
        node.submit("entry-" + i);
      }
      before = node.machine.lines();
    }
    try (RaftFixture node = RaftFixture.start(config)) {
      assertThat(node.machine.lines()).isEqualTo(before);
      assertThat(node.machine.restored()).isBetween(80, 109);
      assertThat(node.machine.applied()).isEqualTo(110 - node.machine.restored());
      assertThat(node.submit("next")).isEqualTo(111);
    }
  }

  @Test
  void manyBytesTriggerASnapshotAndTheLogOnDiskStaysSmall() throws Exception {
    RaftConfig config = config().withSnapshots(new RaftConfig.Snapshots(1_000_000, 4 << 20, false));
    String large = "x".repeat(512 << 10);
    try (RaftFixture node = RaftFixture.start(config)) {
      for (int i = 0; i < 60; i++) {
        node.submit(large);
      }
    }
    // 30 MiB went through segments of 4 MiB; those before the last snapshot are gone.
    assertThat(logBytes(config)).isBetween(1L, 20L << 20);
    try (RaftFixture node = RaftFixture.start(config)) {
      assertThat(node.machine.lines()).hasSize(60);
      assertThat(node.machine.restored()).isPositive();
    }
  }

  @Test
  void aCleanStopLeavesNothingToReplay() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      submitMany(node, 0, 50);
    }
    try (RaftFixture node = RaftFixture.start(config())) {
      assertThat(node.machine.restored()).isEqualTo(50);
      assertThat(node.machine.applied()).isZero();
    }
  }

  @Test
  void anUnknownSnapshotFormatIsRefusedAndTheFolderIsFreeAgain() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      node.submit("a");
    }
    Path snapshot = onlySnapshot();
    byte[] known = Files.readAllBytes(snapshot);
    byte[] newer = known.clone();
    ByteBuffer.wrap(newer).putInt(4, 2);
    Files.write(snapshot, newer);
    assertThatThrownBy(() -> RaftFixture.start(config()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("format 2");
    Files.write(snapshot, known);
    try (RaftFixture node = RaftFixture.start(config())) {
      assertThat(node.machine.entries()).containsExactly("a");
    }
  }

  @Test
  void anotherClustersFolderIsRefused() throws Exception {
    RaftFixture.start(config()).close();
    assertThatThrownBy(() -> RaftFixture.start(RaftConfig.alone("n1", "lab", folder)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another cluster");
  }

  @Test
  void barriersSucceedOnTheSoleVoterAndThroughTheLog() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      node.submit("a");
      long before = node.log().status().commitIndex();
      RaftFixture.await(node.log().barrier());
      assertThat(node.log().status().commitIndex()).isEqualTo(before);
      RaftFixture.await(node.log().barrierEntry());
      assertThat(node.log().status().commitIndex()).isEqualTo(before + 1);
      assertThat(node.submit("b")).isEqualTo(2);
    }
  }

  @Test
  void aStalledStateMachineMakesTheOutcomeIndeterminateAndTheLogUnhealthy() throws Exception {
    RaftConfig config = config().withSubmitTimeout(Duration.ofMillis(300));
    try (RaftFixture node = RaftFixture.start(config)) {
      assertReason(node.send(LedgerMachine.STALL), Reason.INDETERMINATE);
      awaitHealth(node, false);
      assertThat(node.log().trouble()).hasValueSatisfying(w -> assertThat(w).contains("deadline"));
      node.machine.release.countDown();
      awaitHealth(node, true);
      assertThat(node.machine.entries()).containsExactly(LedgerMachine.STALL);
    }
  }

  @Test
  void tooManyWaitingEntriesAreTurnedAway() throws Exception {
    RaftConfig config = config().withQueue(new RaftConfig.Queue(8, ReplicatedLog.ENTRY_BYTES_MAX));
    try (RaftFixture node = RaftFixture.start(config)) {
      Future<byte[]> stalled = node.send(LedgerMachine.STALL);
      awaitTaken(node);
      List<Future<byte[]>> sent =
          IntStream.range(0, 20).mapToObj(i -> node.send("entry-" + i)).toList();
      for (Future<byte[]> refused : sent.subList(8, 20)) {
        assertReason(refused, Reason.OVERLOADED);
      }
      node.machine.release.countDown();
      RaftFixture.await(stalled);
      for (Future<byte[]> accepted : sent.subList(0, 8)) {
        RaftFixture.await(accepted);
      }
      assertThat(node.machine.entries()).hasSize(9);
    }
  }

  @Test
  void tooLargeAnEntryIsRefusedAndTheLargestIsNot() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      assertThat(
              catchThrowable(() -> RaftFixture.await(node.log().submit(new byte[(1 << 20) + 1]))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(RaftFixture.index(RaftFixture.await(node.log().submit(new byte[1 << 20]))))
          .isEqualTo(1);
    }
  }

  @Test
  void closingCompletesEveryFuture() throws Exception {
    try (RaftFixture node = RaftFixture.start(config())) {
      RatisLog log = node.log();
      Future<byte[]> flying = node.send(LedgerMachine.STALL);
      awaitTaken(node);
      List<Future<byte[]>> queued = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        queued.add(node.send("entry-" + i));
      }
      Thread closing = new Thread(() -> closeQuietly(log));
      closing.start();
      assertReason(flying, Reason.INDETERMINATE);
      for (Future<byte[]> each : queued) {
        assertReason(each, Reason.CLOSED);
      }
      assertReason(log.submit(new byte[] {1}), Reason.CLOSED);
      assertReason(log.barrier(), Reason.CLOSED);
      node.machine.release.countDown();
      closing.join();
    }
  }

  @Test
  void anEntryThatCannotBeAppliedStopsTheLogWithAReason() throws Exception {
    RaftConfig config = config().withSnapshots(never());
    try (RaftFixture node = RaftFixture.start(config)) {
      node.submit("fine");
      assertReason(node.send(LedgerMachine.POISON), Reason.INDETERMINATE);
      assertReason(node.send("after"), Reason.CLOSED);
      assertThat(node.log().trouble()).hasValueSatisfying(w -> assertThat(w).contains("poison"));
      assertThat(node.machine.entries()).containsExactly("fine");
    }
    assertThatThrownBy(() -> RaftFixture.start(config))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be applied");
  }

  private RaftConfig config() {
    return RaftConfig.alone("n1", "uni", folder);
  }

  private static RaftConfig.Snapshots never() {
    return new RaftConfig.Snapshots(Long.MAX_VALUE, Long.MAX_VALUE, false);
  }

  private static void submitMany(RaftFixture node, int from, int to) throws Exception {
    List<Future<byte[]>> sent = new ArrayList<>();
    for (int i = from; i < to; i++) {
      sent.add(node.send("entry-" + i));
    }
    for (Future<byte[]> each : sent) {
      RaftFixture.await(each);
    }
  }

  /** Waits until the state machine holds the entry that stalls it. */
  private static void awaitTaken(RaftFixture node) throws InterruptedException {
    assertThat(node.machine.stalled.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitHealth(RaftFixture node, boolean healthy) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (node.log().trouble().isEmpty() != healthy) {
      assertThat(System.nanoTime()).as("healthy %b in time", healthy).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private static void closeQuietly(RatisLog log) {
    try {
      log.close();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assertReason(Future<?> future, Reason reason) {
    Throwable failure = catchThrowable(() -> RaftFixture.await(future));
    assertThat(failure).isInstanceOf(LogException.class);
    assertThat(((LogException) failure).reason()).as(failure.getMessage()).isEqualTo(reason);
  }

  private Path onlySnapshot() throws Exception {
    try (var files = Files.walk(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  private static long logBytes(RaftConfig config) throws Exception {
    try (var files = Files.walk(config.raftFolder())) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("log_"))
          .mapToLong(f -> f.toFile().length())
          .sum();
    }
  }
}
