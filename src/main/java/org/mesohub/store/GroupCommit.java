package org.mesohub.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes writes durable: one commit and one sync for all that were waiting when it began.
 *
 * <p>A waiter has applied its changes before it is queued, so the next commit covers them. The
 * queue is bounded by the connections, each of which has one command under way.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final Consumer<@Nullable Throwable> WAKE_UP = failure -> {};

  /** An operation on the file, which waits for those before it. */
  private static final Runnable NOTHING = () -> {};

  private final MVStore store;
  private final BlockingQueue<Consumer<@Nullable Throwable>> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger writes = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;
  private volatile long rounds;

  GroupCommit(MVStore store) {
    this.store = store;
    this.thread = new Thread(this::run, "mesohub-store-commit");
    thread.setDaemon(true);
    thread.start();
  }

  /** To be called before a write touches the store; {@link #finishWrite} ends it. */
  void beginWrite() {
    writes.incrementAndGet();
  }

  /** As {@link #whenDurable}, for a write that began. */
  void finishWrite(Consumer<@Nullable Throwable> done) {
    whenDurable(
        failure -> {
          writes.decrementAndGet();
          done.accept(failure);
        });
  }

  /** Whether a reader may have seen what power loss would take. */
  boolean isDirty() {
    return writes.get() > 0;
  }

  /** Calls back, with a failure or null, once everything applied so far survives power loss. */
  void whenDurable(Consumer<@Nullable Throwable> done) {
    waiting.add(done);
    if (closed && waiting.remove(done)) {
      answer(done, closing());
    }
  }

  /** Commits so far. */
  long rounds() {
    return rounds;
  }

  private void run() {
    List<Consumer<@Nullable Throwable>> group = new ArrayList<>();
    while (!closed) {
      try {
        group.add(waiting.take());
      } catch (InterruptedException e) {
        continue; // nobody has reason to; an interrupt in a commit would close the file
      }
      waiting.drainTo(group);
      @Nullable Throwable failure = commit();
      group.forEach(done -> answer(done, failure));
      group.clear();
    }
    waiting.drainTo(group);
    group.forEach(done -> answer(done, closing()));
  }

  private @Nullable Throwable commit() {
    try {
      store.commit();
      if (isOpen()) {
        // What the store's own thread has begun to write is not unsaved to it any more.
        store.executeFilestoreOperation(NOTHING);
        store.sync();
        rounds++;
      }
      return isOpen() ? null : new IllegalStateException("the embedded store is closed");
    } catch (RuntimeException | Error e) {
      LOG.error("store_commit_failed", e);
      return e;
    }
  }

  /** A commit of a store that closed itself does nothing and says nothing. */
  private boolean isOpen() {
    return store.getPanicException() == null && !store.isClosed();
  }

  private static Throwable closing() {
    return new IllegalStateException("the embedded store is closing");
  }

  private static void answer(Consumer<@Nullable Throwable> done, @Nullable Throwable failure) {
    try {
      done.accept(failure);
    } catch (RuntimeException e) {
      LOG.warn("store_answer_failed", e);
    }
  }

  /** Ends after the round under way; what waits then fails. */
  @Override
  public void close() {
    closed = true;
    waiting.add(WAKE_UP);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
