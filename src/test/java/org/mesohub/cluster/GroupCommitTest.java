package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mesohub.cluster.LogException.Reason;

class GroupCommitTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final RaftConfig.Queue ROOMY = RaftConfig.Queue.DEFAULT;

  /** What was proposed, waiting for the test to answer it. */
  private record Proposal(List<byte[]> entries, CompletableFuture<List<byte[]>> outcome) {
    void echo() {
      outcome.complete(entries);
    }

    List<String> texts() {
      return entries.stream().map(e -> new String(e, StandardCharsets.UTF_8)).toList();
    }
  }

  private final BlockingQueue<Proposal> proposals = new LinkedBlockingQueue<>();
  private final List<GroupCommit> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(GroupCommit::close);
  }

  @Test
  void whoeverArrivesDuringAFlightSharesTheNextOne() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    CompletableFuture<byte[]> first = commits.submit(bytes("a"));
    Proposal flight = next();
    CompletableFuture<byte[]> second = commits.submit(bytes("b"));
    CompletableFuture<byte[]> third = commits.submit(bytes("c"));
    assertThat(flight.texts()).containsExactly("a");
    assertThat(proposals).isEmpty();

    flight.echo();
    Proposal shared = next();
    shared.echo();

    assertThat(shared.texts()).containsExactly("b", "c");
    assertThat(text(first)).isEqualTo("a");
    assertThat(text(second)).isEqualTo("b");
    assertThat(text(third)).isEqualTo("c");
  }

  @Test
  void aBatchNeverExceedsItsPayload() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    commits.submit(bytes("first"));
    Proposal flight = next();
    byte[] half = new byte[BatchFrame.PAYLOAD_BYTES_MAX / 2];
    byte[] most = new byte[BatchFrame.PAYLOAD_BYTES_MAX];
    for (byte[] entry : List.of(half, half, most, half)) {
      commits.submit(entry);
    }
    flight.echo();
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Proposal proposal = next();
      sizes.add(proposal.entries.size());
      proposal.echo();
    }
    assertThat(sizes).containsExactly(2, 1, 1);
  }

  @Test
  void barriersShareAProposalThatBeganAfterThem() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    commits.submit(bytes("a"));
    Proposal flight = next();
    CompletableFuture<byte[]> one = commits.barrier();
    CompletableFuture<byte[]> two = commits.barrier();
    flight.echo();
    Proposal barrier = next();
    assertThat(barrier.entries).isEmpty();
    assertThat(one).isNotDone();
    barrier.echo();
    assertThat(one.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(two.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void aBarrierBetweenEntriesLeavesTheirAnswersInPlace() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    commits.submit(bytes("first"));
    Proposal flight = next();
    CompletableFuture<byte[]> a = commits.submit(bytes("a"));
    CompletableFuture<byte[]> barrier = commits.barrier();
    CompletableFuture<byte[]> b = commits.submit(bytes("b"));
    flight.echo();
    next().echo();
    assertThat(text(a)).isEqualTo("a");
    assertThat(text(b)).isEqualTo("b");
    assertThat(text(barrier)).isEmpty();
  }

  @Test
  void queueIsBoundedByCount() throws Exception {
    GroupCommit commits = open(new RaftConfig.Queue(2, 1 << 20), LONG);
    commits.submit(bytes("flying"));
    Proposal flight = next();
    commits.submit(bytes("1"));
    commits.barrier();
    assertReason(commits.submit(bytes("2")), Reason.OVERLOADED);
    flight.echo();
    next();
    assertThat(commits.submit(bytes("again"))).isNotCompletedExceptionally();
  }

  @Test
  void queueIsBoundedByBytes() throws Exception {
    GroupCommit commits = open(new RaftConfig.Queue(100, 1 << 20), LONG);
    commits.submit(bytes("flying"));
    next();
    assertThat(commits.submit(new byte[1 << 20])).isNotCompletedExceptionally();
    assertReason(commits.submit(new byte[1]), Reason.OVERLOADED);
    assertThat(commits.submit(new byte[0])).isNotCompletedExceptionally();
  }

  @Test
  void pastTheDeadlineInFlightIsIndeterminateAndQueuedWasNotAppended() throws Exception {
    GroupCommit commits = open(ROOMY, SHORT);
    CompletableFuture<byte[]> flying = commits.submit(bytes("a"));
    Proposal flight = next();
    CompletableFuture<byte[]> queued = commits.submit(bytes("b"));
    assertReason(flying, Reason.INDETERMINATE);
    assertReason(queued, Reason.OVERLOADED);
    assertThat(commits.overdue()).isPositive();

    flight.echo();
    CompletableFuture<byte[]> later = commits.submit(bytes("c"));
    Proposal next = next();
    assertThat(next.texts()).containsExactly("c");
    next.echo();
    assertThat(text(later)).isEqualTo("c");
  }

  @Test
  void aFailedProposalFailsItsCallersOnly() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    CompletableFuture<byte[]> refused = commits.submit(bytes("a"));
    Proposal flight = next();
    CompletableFuture<byte[]> fine = commits.submit(bytes("b"));
    flight.outcome.completeExceptionally(new LogException(Reason.NOT_LEADER, "elsewhere", null));
    next().echo();
    assertReason(refused, Reason.NOT_LEADER);
    assertThat(text(fine)).isEqualTo("b");
  }

  @Test
  void anUnknownFailureAndAWrongNumberOfAnswersAreIndeterminate() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    CompletableFuture<byte[]> broken = commits.submit(bytes("a"));
    next().outcome.completeExceptionally(new IllegalArgumentException("?"));
    assertReason(broken, Reason.INDETERMINATE);
    CompletableFuture<byte[]> unanswered = commits.submit(bytes("a"));
    next().outcome.complete(List.of());
    assertReason(unanswered, Reason.INDETERMINATE);
  }

  @Test
  void closingCompletesEveryFutureWithItsReason() throws Exception {
    GroupCommit commits = open(ROOMY, LONG);
    CompletableFuture<byte[]> flying = commits.submit(bytes("a"));
    next();
    CompletableFuture<byte[]> queued = commits.submit(bytes("b"));
    CompletableFuture<byte[]> barrier = commits.barrier();
    commits.close("the disk is gone");
    assertThat(List.of(flying, queued, barrier)).allMatch(CompletableFuture::isDone);
    assertReason(flying, Reason.INDETERMINATE).hasMessageContaining("the disk is gone");
    assertReason(queued, Reason.CLOSED).hasMessageContaining("the disk is gone");
    assertReason(barrier, Reason.CLOSED);
    assertReason(commits.submit(bytes("c")), Reason.CLOSED)
        .hasMessageContaining("the disk is gone");
  }

  private GroupCommit open(RaftConfig.Queue limits, Duration timeout) {
    GroupCommit commits =
        new GroupCommit(
            "test-commit",
            limits,
            timeout,
            entries -> {
              Proposal proposal = new Proposal(entries, new CompletableFuture<>());
              proposals.add(proposal);
              return proposal.outcome;
            });
    opened.add(commits);
    return commits;
  }

  private Proposal next() throws InterruptedException {
    Proposal proposal = proposals.poll(10, TimeUnit.SECONDS);
    assertThat(proposal).as("a proposal").isNotNull();
    return proposal;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(CompletableFuture<byte[]> answer) throws Exception {
    return new String(answer.get(10, TimeUnit.SECONDS), StandardCharsets.UTF_8);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertReason(
      CompletableFuture<?> future, Reason reason) {
    Throwable failure =
        Assertions.catchThrowableOfType(
                ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS))
            .getCause();
    assertThat(((LogException) failure).reason()).isEqualTo(reason);
    return assertThat(failure);
  }
}
