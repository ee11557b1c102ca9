package org.mesohub.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.ChunkId;

/**
 * Runs work in order, pulled by one thread. With workers, independent work is computed up to some
 * pieces ahead on their threads; as pieces are small, that bounds memory. Closing drops what has
 * not been started and all results.
 */
final class Pipeline<T> implements AutoCloseable {
  /** Chunks announced to the source ahead of the work that reads them. */
  private static final int PREFETCH_CHUNKS = 8;

  private final List<Work> works;
  private final ChunkSource source;
  private final Function<List<Hits>, List<T>> output;
  private final @Nullable Executor workers;
  private final int lookAhead;
  private final ReentrantLock pulling = new ReentrantLock();
  private final Deque<FutureTask<List<T>>> ahead = new ArrayDeque<>();
  private final Deque<T> ready = new ArrayDeque<>();
  private @Nullable HitCursor current;
  private int next;
  private int nextPrefetched;
  private int prefetchedAhead;
  private volatile boolean closed;

  /**
   * @param output what becomes of hits; of one piece of work at once when it is independent, else
   *     called again and again
   * @param workers null to compute everything while pulling
   * @param lookAhead pieces of work computed ahead
   */
  Pipeline(
      List<Work> works,
      ChunkSource source,
      Function<List<Hits>, List<T>> output,
      @Nullable Executor workers,
      int lookAhead) {
    this.works = works;
    this.source = source;
    this.output = output;
    this.workers = workers;
    this.lookAhead = lookAhead;
  }

  /** The next result, null at the end. Throws CancellationException once closed. */
  @Nullable T next() {
    pulling.lock();
    try {
      while (!closed) {
        T result = ready.poll();
        if (result != null) {
          return result;
        }
        if (current == null && next == works.size() && ahead.isEmpty()) {
          return null;
        }
        advance();
      }
      throw new CancellationException("the answer was closed");
    } finally {
      pulling.unlock();
      dropIfClosed();
    }
  }

  private void advance() {
    HitCursor streaming = current;
    if (streaming != null) {
      Hits hits = streaming.next();
      if (hits == null) {
        current = null;
      } else {
        ready.addAll(output.apply(List.of(hits)));
      }
      return;
    }
    startAhead();
    FutureTask<List<T>> task = ahead.poll();
    if (task != null) {
      ready.addAll(result(task));
      return;
    }
    Work work = take();
    if (work.independent()) {
      ready.addAll(run(work));
    } else {
      current = work.cursor().get();
    }
  }

  /** Hands work to the workers, up to the next that must be pulled. */
  private void startAhead() {
    Executor executor = workers;
    while (executor != null
        && ahead.size() < lookAhead
        && next < works.size()
        && works.get(next).independent()) {
      Work work = take();
      var task = new FutureTask<>(() -> run(work));
      ahead.add(task);
      try {
        executor.execute(task);
      } catch (RejectedExecutionException e) {
        task.run();
      }
    }
  }

  private Work take() {
    prefetch();
    Work work = works.get(next++);
    prefetchedAhead -= work.chunks().size();
    return work;
  }

  private void prefetch() {
    var ids = new ArrayList<ChunkId>();
    while (nextPrefetched < works.size() && prefetchedAhead < PREFETCH_CHUNKS) {
      List<ChunkId> chunks = works.get(nextPrefetched++).chunks();
      ids.addAll(chunks);
      prefetchedAhead += chunks.size();
    }
    if (!ids.isEmpty()) {
      source.prefetch(ids);
    }
  }

  private List<T> run(Work work) {
    var hits = new ArrayList<Hits>();
    HitCursor cursor = work.cursor().get();
    Hits some;
    while (!closed && (some = cursor.next()) != null) {
      hits.add(some);
    }
    return closed ? List.of() : output.apply(hits);
  }

  private static <T> List<T> result(FutureTask<List<T>> task) {
    // Does nothing when a worker has started it; else no answer waits for a busy pool, even its
    // own.
    task.run();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the thread that reads the answer was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("work of an answer failed", e.getCause());
    }
  }

  @Override
  public void close() {
    closed = true;
    dropIfClosed();
  }

  /** Whoever comes last, the closing thread or the one that pulls, lets go. */
  private void dropIfClosed() {
    if (closed && pulling.tryLock()) {
      try {
        ahead.forEach(task -> task.cancel(false));
        ahead.clear();
        ready.clear();
        current = null;
      } finally {
        pulling.unlock();
      }
    }
  }
}
