package org.mesohub.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.ChunkId;

/** Writes chunks to a folder, several at once since each waits for the disk. */
final class BackupWriter implements AutoCloseable {
  private static final int THREADS = 4;

  /** Chunks that wait or are being written: 2 MiB each at most. */
  private static final int WAITING_MAX = 16;

  private final BackupFolder folder;
  private final LongConsumer written;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            var thread = new Thread(work, "backup-write");
            thread.setDaemon(true);
            return thread;
          });
  private final Semaphore room = new Semaphore(WAITING_MAX);
  private final Map<ChunkId, Long> sizes = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /**
   * @param written told the size of each chunk that is on disk; by any thread
   */
  BackupWriter(BackupFolder folder, LongConsumer written) {
    this.folder = folder;
    this.written = written;
  }

  /** Writes a chunk soon; throws what an earlier one failed with. */
  void write(ChunkId id, byte[] bytes) {
    checkFailure();
    room.acquireUninterruptibly();
    threads.execute(
        () -> {
          try {
            folder.writeChunk(id, bytes);
            sizes.put(id, (long) bytes.length);
            written.accept(bytes.length);
          } catch (IOException e) {
            failure.compareAndSet(null, e);
          } finally {
            room.release();
          }
        });
  }

  /** Waits for all; gives what was written, in bytes by chunk. */
  Map<ChunkId, Long> finish() {
    room.acquireUninterruptibly(WAITING_MAX);
    room.release(WAITING_MAX);
    checkFailure();
    return sizes;
  }

  private void checkFailure() {
    IOException failed = failure.get();
    if (failed != null) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      threads.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
