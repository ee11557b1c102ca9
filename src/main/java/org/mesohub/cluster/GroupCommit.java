package org.mesohub.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.mesohub.cluster.LogException.Reason;

/**
 * Collects what concurrent callers submit and proposes all of it at once, one proposal in flight:
 * whoever arrives meanwhile shares the next one, so that the cost of a sync is divided by the
 * number of callers.
 *
 * <pre>
 *   submit ──► queue ──(flight free)──► in flight ──► answered, one answer each
 *     │          │                          │
 *     │          ├─ deadline: OVERLOADED    ├─ deadline: INDETERMINATE (the flight stays taken)
 *     │          └─ close: CLOSED           └─ close: INDETERMINATE
 *     └─ full: OVERLOADED, closed: CLOSED
 * </pre>
 *
 * <p>Threading: callable from any thread, and never blocks. Whoever finds the flight free proposes,
 * be it a caller or the thread that brings an outcome, so that no entry waits for a thread to wake;
 * futures complete outside the lock, on the thread that brings the outcome. A thread of its own
 * watches deadlines.
 */
final class GroupCommit implements AutoCloseable {
  /** Where batches go. */
  interface Proposer {
    /**
     * Proposes entries as one; fails with a {@link LogException} that tells whether they may be
     * appended. Must not block. Called by one thread at a time, never while an earlier proposal is
     * unanswered.
     *
     * @return one answer per entry, in order
     */
    CompletableFuture<List<byte[]>> propose(List<byte[]> entries);
  }

  /** Deadlines are looked at this often while somebody waits. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final byte[] NOTHING = {};

  /** One caller; without an entry it waits for a barrier. */
  private record Waiter(
      byte @Nullable [] entry, long deadlineNanos, CompletableFuture<byte[]> answer) {
    int bytes() {
      return entry == null ? 0 : entry.length;
    }

    boolean expired(long nowNanos) {
      return nowNanos - deadlineNanos >= 0;
    }
  }

  private final Proposer proposer;
  private final RaftConfig.Queue limits;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
  private long queuedBytes;
  private List<Waiter> inFlight = List.of();
  private long inFlightSinceNanos;
  private @Nullable String closedWhy;

  /** Whether the thread that watches deadlines wakes by itself. */
  private boolean watching;

  GroupCommit(String name, RaftConfig.Queue limits, Duration timeout, Proposer proposer) {
    this.limits = limits;
    this.timeout = timeout;
    this.proposer = proposer;
    Thread thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Queues an entry; the array must not change until the future completes. */
  CompletableFuture<byte[]> submit(byte[] entry) {
    return enqueue(entry);
  }

  /** Completes after a proposal that began after this call; all that wait share it. */
  CompletableFuture<byte[]> barrier() {
    return enqueue(null);
  }

  private CompletableFuture<byte[]> enqueue(byte @Nullable [] entry) {
    Waiter waiter =
        new Waiter(entry, System.nanoTime() + timeout.toNanos(), new CompletableFuture<>());
    lock.lock();
    try {
      if (closedWhy != null) {
        return failed(Reason.CLOSED, closedWhy + "; nothing was appended");
      }
      if (queue.size() >= limits.opsMax() || queuedBytes + waiter.bytes() > limits.bytesMax()) {
        return failed(
            Reason.OVERLOADED,
            "%d entries of %d bytes wait for the log; nothing was appended, try again later"
                .formatted(queue.size(), queuedBytes));
      }
      queue.add(waiter);
      queuedBytes += waiter.bytes();
      if (!watching) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    launch();
    return waiter.answer;
  }

  /** How long the proposal in flight has been out beyond the deadline; zero when all is well. */
  Duration overdue() {
    lock.lock();
    try {
      long nanos =
          inFlight.isEmpty() ? 0 : System.nanoTime() - inFlightSinceNanos - timeout.toNanos();
      return Duration.ofNanos(Math.max(0, nanos));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    close("the log is closed");
  }

  /** Ends it for good; every future is complete when this returns. The first reason stays. */
  void close(String why) {
    List<Waiter> queued;
    List<Waiter> flying;
    lock.lock();
    try {
      if (closedWhy == null) {
        closedWhy = why;
      }
      why = closedWhy;
      queued = List.copyOf(queue);
      queue.clear();
      queuedBytes = 0;
      flying = inFlight;
      inFlight = List.of();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    fail(flying, new LogException(Reason.INDETERMINATE, why + "; " + MAY_BE_APPLIED, null));
    fail(queued, new LogException(Reason.CLOSED, why + "; nothing was appended", null));
  }

  /** Proposes what waits, unless a proposal is out. */
  private void launch() {
    for (List<Waiter> batch = take(); !batch.isEmpty(); batch = take()) {
      List<byte[]> entries = new ArrayList<>(batch.size());
      for (Waiter waiter : batch) {
        if (waiter.entry != null) {
          entries.add(waiter.entry);
        }
      }
      CompletableFuture<List<byte[]>> outcome;
      try {
        outcome = proposer.propose(entries);
      } catch (RuntimeException e) {
        outcome = CompletableFuture.failedFuture(e);
      }
      if (!outcome.isDone()) {
        List<Waiter> flying = batch;
        CompletableFuture<List<byte[]>> awaited = outcome;
        outcome.whenComplete(
            (answers, failure) -> {
              land(flying, entries.size(), awaited);
              launch();
            });
        return;
      }
      land(batch, entries.size(), outcome);
    }
  }

  /** What is to be proposed now, in flight from here on; nothing when nothing can be. */
  private List<Waiter> take() {
    lock.lock();
    try {
      if (closedWhy != null || !inFlight.isEmpty()) {
        return List.of();
      }
      List<Waiter> batch = new ArrayList<>();
      long bytes = 0;
      for (Waiter next = queue.peek();
          next != null
              && batch.size() < BatchFrame.ENTRIES_MAX
              && bytes + next.bytes() <= BatchFrame.PAYLOAD_BYTES_MAX;
          next = queue.peek()) {
        batch.add(queue.remove());
        bytes += next.bytes();
      }
      queuedBytes -= bytes;
      inFlight = batch;
      inFlightSinceNanos = System.nanoTime();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Answers a batch, then frees the flight: what the answered submit at once goes together with
   * what came meanwhile.
   */
  private void land(List<Waiter> batch, int entries, CompletableFuture<List<byte[]>> outcome) {
    settle(batch, entries, outcome);
    lock.lock();
    try {
      if (closedWhy == null) {
        inFlight = List.of();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells those whose time is up, until closed. */
  private void run() {
    try {
      while (watch()) {
        tellLate();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close("the thread of the log was interrupted");
    }
  }

  /** Waits for the next look at deadlines; false when closed. */
  private boolean watch() throws InterruptedException {
    lock.lock();
    try {
      watching = false;
      while (queue.isEmpty() && inFlight.isEmpty() && closedWhy == null) {
        changed.await();
      }
      watching = true;
      if (closedWhy == null) {
        changed.awaitNanos(TICK_NANOS);
      }
      return closedWhy == null;
    } finally {
      lock.unlock();
    }
  }

  private void tellLate() {
    List<Waiter> late = new ArrayList<>();
    List<Waiter> flying;
    lock.lock();
    try {
      long now = System.nanoTime();
      flying = inFlight.stream().filter(w -> w.expired(now)).toList();
      for (Waiter w = queue.peek(); w != null && w.expired(now); w = queue.peek()) {
        late.add(queue.remove());
        queuedBytes -= w.bytes();
      }
    } finally {
      lock.unlock();
    }
    if (flying.isEmpty() && late.isEmpty()) {
      return;
    }
    String wait = "no answer of the log within %d ms; ".formatted(timeout.toMillis());
    fail(flying, new LogException(Reason.INDETERMINATE, wait + MAY_BE_APPLIED, null));
    fail(late, new LogException(Reason.OVERLOADED, wait + "nothing was appended", null));
  }

  private static final String MAY_BE_APPLIED =
      "the entry may be applied, now or later: ask for its effect before repeating it";

  private static void settle(
      List<Waiter> batch, int entries, CompletableFuture<List<byte[]>> outcome) {
    List<byte[]> answers;
    try {
      answers = outcome.join();
    } catch (CompletionException e) {
      fail(batch, e.getCause() instanceof LogException known ? known : unknown(e.getCause()));
      return;
    }
    if (answers.size() != entries) {
      fail(batch, unknown(new IllegalStateException(answers.size() + " answers to " + entries)));
      return;
    }
    Iterator<byte[]> answer = answers.iterator();
    for (Waiter waiter : batch) {
      waiter.answer.complete(waiter.entry == null ? NOTHING : answer.next());
    }
  }

  private static LogException unknown(@Nullable Throwable cause) {
    return new LogException(Reason.INDETERMINATE, "the log failed; " + MAY_BE_APPLIED, cause);
  }

  private static void fail(List<Waiter> waiters, LogException failure) {
    waiters.forEach(waiter -> waiter.answer.completeExceptionally(failure));
  }

  private static CompletableFuture<byte[]> failed(Reason reason, String message) {
    return CompletableFuture.failedFuture(new LogException(reason, message, null));
  }
}
