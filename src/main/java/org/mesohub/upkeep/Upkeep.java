package org.mesohub.upkeep;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.NodeApi.CompactOutcome;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.ingest.Committer;
import org.mesohub.ingest.Leases;
import org.mesohub.query.ChunkSource;
import org.mesohub.query.QueryEngine;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.Pins;
import org.mesohub.store.ChunkStore;
import org.mesohub.upkeep.CompactionPlan.Needs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread of the leader: compacts days that have gathered runs, lets superseded
 * values expire, collects garbage, shrinks the data file.
 */
public final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  /**
   * References from which a day is compacted while commits go on: late, because compaction takes a
   * core from them, but before a reader has to merge in two steps.
   */
  private static final int RUNS_BUSY_MAX = 48;

  /** The same in a small heap, where as many open chunks leave no room. */
  private static final int RUNS_BUSY_MIN = 8;

  /** Share of the heap for runs that are read at once. */
  private static final int HEAP_SHARE = 4;

  /** Heap that a run takes while it is read, with a chunk of 65,536 rows. */
  private static final long RUN_HEAP_BYTES = 3 << 20;

  /** Rounds of compaction on demand: each joins what the one before has made of dozens of runs. */
  private static final int ROUNDS_MAX = 8;

  /** References from which a day is compacted when nothing has been committed for a while. */
  private static final int RUNS_IDLE = 2;

  /**
   * Rows of a day that an idle node rewrites whole after every few puts: some seconds' work, and as
   * many rows as a day of the networks of a continent has.
   */
  private static final long WHOLE_ROWS_MAX = 4_000_000;

  /** A larger day is rewritten whole when nothing was committed to it for this long. */
  private static final long SETTLED_MICROS = TimeUnit.HOURS.toMicros(1);

  /** Inline bytes in the catalogue from which they are moved to the store while commits go on. */
  private static final long INLINE_BYTES_BUSY = 4 << 20;

  private static final long STORE_TIMEOUT_MS = 300_000;

  /** Puts that were given up leave chunks behind: an idle node looks for them this often. */
  private static final long COLLECT_NANOS = TimeUnit.HOURS.toNanos(1);

  /** Pause between two looks, milliseconds. */
  private static final long PERIOD_MS = 2_000;

  private final CatalogueLog catalogue;
  private final ChunkSource chunks;
  private final ChunkStore store;
  private final Compaction compaction;
  private final Collection collection;
  private final long heapBytes;
  private final int runsBusy;
  private final HistoryKeeper history;
  private final OldDays oldDays;
  private final Settings settings;
  private final ClusterView cluster;
  private final UpkeepCounters counters = new UpkeepCounters();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var t = new Thread(work, "mesohub-upkeep");
            t.setDaemon(true);
            t.setPriority(Thread.MIN_PRIORITY);
            return t;
          });
  private final Set<CompletableFuture<CompactOutcome>> asked = ConcurrentHashMap.newKeySet();
  private long commitSeen = -1;
  private long quietSinceNanos;
  private long collectedNanos = System.nanoTime();

  /**
   * Settings of the background work.
   *
   * @param compaction whether days are compacted without being asked to
   * @param idle time without a commit after which every day in need is compacted
   * @param history how long superseded values stay readable; null for always
   * @param rows how long rows stay after their day has ended; null for always
   */
  public record Settings(
      boolean compaction, Duration idle, @Nullable Duration history, @Nullable Duration rows) {}

  /**
   * @param cluster only the leader works
   * @param putsRunning whether clients are putting rows: compaction rests more then
   * @param heapBytesMax heap of the node, of which compaction takes a share
   */
  public Upkeep(
      CatalogueLog catalogue,
      QueryEngine engine,
      ChunkSource chunks,
      ChunkStore store,
      Leases leases,
      Pins pins,
      ClusterView cluster,
      Committer committer,
      BooleanSupplier putsRunning,
      long heapBytesMax,
      Settings settings,
      LongSupplier clockMicros) {
    this.heapBytes = heapBytesMax / HEAP_SHARE;
    this.runsBusy =
        (int) Math.max(RUNS_BUSY_MIN, Math.min(RUNS_BUSY_MAX, this.heapBytes / RUN_HEAP_BYTES));
    this.catalogue = catalogue;
    this.chunks = chunks;
    this.store = store;
    this.compaction = new Compaction(catalogue, engine, store, leases, pins, putsRunning);
    this.collection = new Collection(catalogue, chunks, store, leases, cluster, committer);
    this.history = new HistoryKeeper(catalogue, settings.history, clockMicros);
    this.oldDays = new OldDays(catalogue, settings.rows, clockMicros);
    this.settings = settings;
    this.cluster = cluster;
  }

  /** Starts looking by itself. */
  public void start() {
    thread.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** Compacts everything, collects, and shrinks the file now. */
  public CompletableFuture<CompactOutcome> compactNow() {
    var done = new CompletableFuture<CompactOutcome>();
    asked.add(done);
    done.whenComplete((outcome, failure) -> asked.remove(done));
    try {
      thread.execute(
          () -> {
            try {
              done.complete(everything());
            } catch (Throwable e) { // whoever waits must hear of it, whatever it is
              done.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(shuttingDown());
    }
    return done;
  }

  private static ApiException shuttingDown() {
    return new ApiException(
        ApiException.Reason.UNAVAILABLE, "the node is shutting down; try another one");
  }

  private CompactOutcome everything() {
    if (cluster.reign() == 0) {
      throw new ApiException(
          ApiException.Reason.UNAVAILABLE, "this node leads no more; try again at the leader");
    }
    collected(collection.resume());
    oldDays.drop();
    history.raiseFloor();
    Inventory before = Inventory.of(catalogue.state(), chunks);
    int days = compact(Needs.all(catalogue.state().floor(), heapBytes));
    for (int round = 1, more = 1; round < ROUNDS_MAX && more > 0; round++) {
      more = compact(Needs.all(catalogue.state().floor(), heapBytes));
    }
    history.dropTombstones();
    collected(collection.collect());
    Blocking.await(store.compact(), STORE_TIMEOUT_MS, "the store");
    Inventory after = Inventory.of(catalogue.state(), chunks);
    return new CompactOutcome(
        days, before.chunkBytes().size(), after.chunkBytes().size(), before.bytes(), after.bytes());
  }

  /** Counts chunks that were removed; gives whether there were any. */
  private boolean collected(int chunks) {
    counters.collected().add(chunks);
    return chunks > 0;
  }

  /** What was done so far. */
  public UpkeepCounters counters() {
    return counters;
  }

  private void look() {
    try {
      if (cluster.reign() == 0) {
        return;
      }
      boolean freed = collected(collection.resume());
      boolean dropped = oldDays.drop() > 0;
      history.raiseFloor();
      CatalogueState state = catalogue.state();
      if (!settings.compaction) {
        return;
      }
      long now = System.nanoTime();
      if (state.commit() != commitSeen) {
        commitSeen = state.commit();
        quietSinceNanos = now;
      }
      boolean idle = now - quietSinceNanos >= settings.idle.toNanos();
      boolean flush = idle || state.inlineBytes() >= INLINE_BYTES_BUSY;
      long trimBelow = idle ? state.floor() : history.overdue(state);
      long compacted =
          compact(
              idle
                  ? new Needs(
                      RUNS_IDLE,
                      true,
                      trimBelow,
                      WHOLE_ROWS_MAX,
                      settled(state, now - quietSinceNanos),
                      heapBytes)
                  : new Needs(runsBusy, flush, trimBelow, 0, Long.MIN_VALUE, heapBytes));
      history.dropTombstones();
      if (dropped || (idle && (compacted > 0 || now - collectedNanos >= COLLECT_NANOS))) {
        collectedNanos = now;
        freed |= collected(collection.collect());
      }
      if (freed && idle) {
        Blocking.await(store.compact(), STORE_TIMEOUT_MS, "the store");
      }
    } catch (Throwable e) { // a task that throws is never run again
      if (!Thread.currentThread().isInterrupted()) {
        counters.failures().increment();
        LOG.warn("background work failed and is tried again", e);
      }
    }
  }

  /** Commits before this leave their days settled, by the time that the leader stamps. */
  private static long settled(CatalogueState state, long quietNanos) {
    return state.timeMicros() + quietNanos / 1_000 - SETTLED_MICROS;
  }

  /** Compacts the days in need; gives how many. */
  private int compact(Needs needs) {
    List<CompactionPlan.Task> tasks =
        CompactionPlan.plan(catalogue.state(), needs, new RunSizes(chunks));
    int days = 0;
    for (CompactionPlan.Task task : tasks) {
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
      try {
        if (compaction.compact(task)) {
          days += task.inputs().size();
          counters.compacted().add(task.inputs().size());
        }
      } catch (RuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.warn("{} could not be compacted and is tried again later", task, e);
      }
    }
    return days;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("background work did not stop within 10 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    asked.forEach(done -> done.completeExceptionally(shuttingDown()));
  }
}
