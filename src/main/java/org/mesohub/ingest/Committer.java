package org.mesohub.ingest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.api.PutOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which this node compares, stores and proposes, one commit after the other:
 * waiting small puts go together, and whatever else must not run beside a commit (deletion,
 * collection) takes its turn here.
 */
public final class Committer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  /** Longest wait for the running commit when closing, milliseconds. */
  private static final long CLOSE_TIMEOUT_MS = 20_000;

  /** What waits for its turn. */
  sealed interface Job {
    void fail(RuntimeException failure);

    /** Fails a job whose turn never came. */
    default void turnAway(RuntimeException failure) {
      fail(failure);
    }
  }

  /**
   * A put.
   *
   * @param early draft made before its turn came, for puts that take long; null otherwise
   */
  record PutJob(
      PutInfo info, PutRows rows, @Nullable Draft early, CompletableFuture<PutOutcome> done)
      implements Job {
    @Override
    public void fail(RuntimeException failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void turnAway(RuntimeException failure) {
      giveUp();
      fail(failure);
    }

    /** Lets go of the rows and of a draft that is not proposed. */
    void giveUp() {
      if (early != null) {
        early.release();
      }
      rows.close();
    }
  }

  private record Exclusive<T>(Callable<T> work, CompletableFuture<T> done) implements Job {
    void run() {
      try {
        done.complete(work.call());
      } catch (Throwable e) { // whoever waits must hear of it, whatever it is
        done.completeExceptionally(e);
      }
    }

    @Override
    public void fail(RuntimeException failure) {
      done.completeExceptionally(failure);
    }
  }

  private record Stop() implements Job {
    @Override
    public void fail(RuntimeException failure) {}
  }

  private final BlockingQueue<Job> queue;
  private final PutCommit commit;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Job carried;

  Committer(PutCommit commit, int waitingMax) {
    this.commit = commit;
    this.queue = new ArrayBlockingQueue<>(waitingMax);
    this.thread = new Thread(this::run, "mesohub-commit");
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /** Queues a put; the future completes when it is visible, or has failed. */
  CompletableFuture<PutOutcome> put(PutInfo info, PutRows rows, @Nullable Draft early) {
    var done = new CompletableFuture<PutOutcome>();
    offer(new PutJob(info, rows, early, done));
    return done;
  }

  /** Runs something between two commits, on the committer's thread; it may block. */
  public <T> CompletableFuture<T> exclusively(Callable<T> work) {
    var done = new CompletableFuture<T>();
    offer(new Exclusive<>(work, done));
    return done;
  }

  /** Number of jobs that wait. */
  public int waiting() {
    return queue.size();
  }

  private void offer(Job job) {
    if (closed) {
      job.turnAway(shuttingDown());
    } else if (!queue.offer(job)) {
      job.turnAway(
          new ApiException(
              ApiException.Reason.OVERLOADED,
              "too many puts wait for their commit; try again in a second"));
    } else if (closed && queue.remove(job)) {
      job.turnAway(shuttingDown());
    }
  }

  private static ApiException shuttingDown() {
    return new ApiException(
        ApiException.Reason.UNAVAILABLE,
        "the node is shutting down; nothing was stored, try another node");
  }

  private void run() {
    while (true) {
      try {
        Job job = carried;
        if (job == null) {
          job = queue.take();
        }
        carried = null;
        if (job instanceof PutJob put) {
          commit.commit(group(put));
        } else if (job instanceof Exclusive<?> exclusive) {
          exclusive.run();
        } else {
          return;
        }
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) { // the thread must outlive it: nobody else commits
        LOG.error("commit failed in an unforeseen way", e);
      }
    }
  }

  /** The put with those behind it that can share its commit. */
  private List<PutJob> group(PutJob first) {
    List<PutJob> group = new ArrayList<>();
    group.add(first);
    long rows = first.rows().rows();
    // The same put again waits for the next commit, and then gets the first one's answer.
    Set<Object> tokens = new HashSet<>();
    tokens.add(tokenOf(first));
    while (PutCommit.isSmall(first) && group.size() < IngestLimits.GROUP_PUTS_MAX) {
      Job next = queue.poll();
      if (next == null) {
        break;
      }
      if (next instanceof PutJob put
          && PutCommit.canJoin(first, put)
          && rows + put.rows().rows() <= IngestLimits.GROUP_ROWS_MAX
          && tokens.add(tokenOf(put))) {
        group.add(put);
        rows += put.rows().rows();
      } else {
        carried = next;
        break;
      }
    }
    return group;
  }

  /** The token, or something unlike any other when there is none. */
  private static Object tokenOf(PutJob put) {
    PutOptions.Token token = put.info().options().token();
    return token == null ? put : token;
  }

  /** Finishes what is queued, then stops; what comes later fails as UNAVAILABLE. */
  @Override
  public void close() {
    closed = true;
    try {
      if (!queue.offer(new Stop(), CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("commits still waited after {} ms and are given up", CLOSE_TIMEOUT_MS);
        thread.interrupt();
      }
      thread.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Job> left = new ArrayList<>();
    Job next = carried;
    if (next != null && !thread.isAlive()) {
      left.add(next);
    }
    queue.drainTo(left);
    left.forEach(job -> job.turnAway(shuttingDown()));
  }
}
