package org.mesohub.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Mongo-wire engine in this process, on a loopback port, over one store file.
 *
 * <p>A write is acknowledged when it survives kill -9 and power loss. Methods block and may be
 * called from any thread that may block; none from an event loop. There is no authentication:
 * whoever may open loopback ports on this host may read and write.
 */
public final class EmbeddedMongo implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMongo.class);

  /**
   * Page cache, for the index: a page of more than a sixteenth of it is not kept, so that chunks,
   * which are cached above, do not fill it.
   */
  private static final int CACHE_MB = 1;

  /** Changes kept in memory before writers wait for a commit. */
  private static final int UNSAVED_KB = 16 << 10;

  /** The store compacts itself in the background when less of the file than this is live. */
  private static final int AUTO_COMPACT_PERCENT = 70;

  /**
   * A commit by itself, for what no command waits for; also ten times the pace of background
   * compaction.
   */
  private static final int AUTO_COMMIT_MS = 5_000;

  /** Compaction on demand goes on while less of the file than this is live. */
  private static final int COMPACT_PERCENT = 90;

  /** Compaction holds up commits: it moves so much at once, then lets them pass. */
  private static final int COMPACT_SLICE_BYTES = 8 << 20;

  private static final int COMPACT_PAUSE_MS = 20;

  /**
   * Slices without gain after which compaction ends: space is freed one or two commits after it is
   * given up.
   */
  private static final int IDLE_SLICES_MAX = 4;

  /** Younger parts of the file stay where they are: with every write synced, only to save work. */
  private static final int RETENTION_MS = 5_000;

  private final DataFolder folder;
  private final MVStore store;
  private final EngineServer server;
  private final GroupCommit commits;
  private final AtomicReference<@Nullable Throwable> background;

  private EmbeddedMongo(
      DataFolder folder,
      MVStore store,
      GroupCommit commits,
      EngineServer server,
      AtomicReference<@Nullable Throwable> background) {
    this.folder = folder;
    this.store = store;
    this.commits = commits;
    this.server = server;
    this.background = background;
  }

  /**
   * Opens the data in a folder, made when absent, and listens on a loopback port, any free one for
   * 0.
   */
  public static EmbeddedMongo open(Path path, int port) {
    DataFolder folder = DataFolder.open(path);
    @Nullable MVStore store = null;
    @Nullable GroupCommit commits = null;
    try {
      AtomicReference<@Nullable Throwable> background = new AtomicReference<>();
      MVStore opened = openStore(folder, background);
      store = opened;
      folder.syncNames();
      EngineBackend backend = new EngineBackend(opened);
      GroupCommit started = new GroupCommit(opened);
      commits = started;
      EngineServer server =
          new EngineServer(
              port,
              () ->
                  new EngineHandler(
                      backend,
                      started,
                      () -> DiskSpace.of(folder.dataFile()).usableBytes(),
                      () -> problem(opened, background.get())));
      return new EmbeddedMongo(folder, opened, started, server, background);
    } catch (RuntimeException | Error e) {
      if (commits != null) {
        commits.close();
      }
      if (store != null) {
        store.closeImmediately();
      }
      folder.close();
      throw e;
    }
  }

  private static MVStore openStore(
      DataFolder folder, AtomicReference<@Nullable Throwable> background) {
    try {
      return new MVStore.Builder()
          .fileName(SyncedFilePath.of(folder.dataFile().toString()))
          .cacheSize(CACHE_MB)
          .autoCommitBufferSize(UNSAVED_KB)
          .autoCompactFillRate(AUTO_COMPACT_PERCENT)
          .backgroundExceptionHandler(
              (thread, failure) -> {
                background.compareAndSet(null, failure);
                LOG.error("store_background_failed", failure);
              })
          .open();
    } catch (MVStoreException e) {
      throw new StoreException(
          StoreException.Reason.CORRUPT,
          "cannot read "
              + folder.dataFile()
              + ": "
              + e.getMessage()
              + ". Move the folder away and start the node: it fetches its chunks from the other"
              + " nodes.",
          e);
    }
  }

  /** The port listened on. */
  public int port() {
    return server.port();
  }

  /** What a client connects with. */
  public String connectionString() {
    return "mongodb://127.0.0.1:" + port() + "/?directConnection=true";
  }

  /** Why the store no longer works, in words for the operator; empty while it does. */
  public Optional<String> problem() {
    return problem(store, background.get());
  }

  private static Optional<String> problem(MVStore store, @Nullable Throwable background) {
    // A failure of the background thread closes the store as well, a moment later.
    @Nullable Throwable failure = store.getPanicException();
    failure = failure == null ? background : failure;
    if (failure == null && !store.isClosed()) {
      return Optional.empty();
    }
    return Optional.of(
        "the embedded store is closed"
            + (failure == null ? "" : " after " + failure)
            + ". Check memory and disk, then restart the node.");
  }

  /** The store itself, so that tests can break it. */
  MVStore store() {
    return store;
  }

  /** Commits made so far; with {@code n} writes at once far fewer than the writes. */
  long commits() {
    return commits.rounds();
  }

  /** Length of the store file in bytes. */
  public long fileBytes() {
    return store.getFileStore().size();
  }

  /**
   * Shrinks the file while reads and writes go on, until nothing is left to gain or the time is
   * over.
   *
   * <p>A thread of its own does it: an interrupt of the caller's thread while it writes would close
   * the file.
   */
  public void compact(Duration atMost) {
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                compactSlices(System.nanoTime() + atMost.toNanos());
              } catch (RuntimeException e) {
                failure.set(e);
              }
            },
            "mesohub-store-compact");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    @Nullable RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  private synchronized void compactSlices(long deadlineNanos) {
    MVMap<String, Long> marks = store.openMap("compaction");
    try {
      store.setRetentionTime(0);
      long bytes = fileBytes();
      int livePercent = 0;
      for (int idle = 0; idle < IDLE_SLICES_MAX && !store.isClosed(); ) {
        // What a version gave up is counted and freed by the commits after it: there has to be one.
        marks.merge("slices", 1L, Long::sum);
        store.commit();
        store.compact(COMPACT_PERCENT, COMPACT_SLICE_BYTES);
        store.commit();
        if (store.getFileStore() instanceof RandomAccessStore file) {
          file.compactMoveChunks(COMPACT_PERCENT, COMPACT_SLICE_BYTES, store);
        }
        int liveNow = store.getFileStore().getChunksFillRate();
        idle = liveNow > livePercent || fileBytes() < bytes ? 0 : idle + 1;
        livePercent = Math.max(livePercent, liveNow);
        bytes = Math.min(bytes, fileBytes());
        if (System.nanoTime() - deadlineNanos > 0) {
          return;
        }
        Thread.sleep(COMPACT_PAUSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      store.setRetentionTime(RETENTION_MS);
    }
  }

  /**
   * Ends connections, makes the last changes durable and closes the file; a second call does
   * nothing.
   *
   * <p>The file is left as kill -9 would leave it, without the store's mark of an orderly end. A
   * file with the mark is opened with less care: a part that was given up, and overwritten before a
   * kill, is then taken for damage, and the newest versions from before that part are passed over.
   */
  @Override
  public void close() {
    server.close();
    commits.close();
    try {
      if (!store.isClosed()) {
        store.commit();
      }
      store.closeImmediately();
    } finally {
      folder.close();
    }
  }
}
