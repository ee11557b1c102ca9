package org.mesohub.upkeep;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.LogException;
import org.mesohub.ingest.Leases;
import org.mesohub.ingest.RunUpload;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.query.QueryEngine;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;
import org.mesohub.store.ChunkStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites the runs of some days as one and puts it in their place by compare-and-set on exactly
 * those runs: what is committed meanwhile stays beside it. Every version is kept with its commit,
 * but for what no readable state shows. Blocks; for one background thread.
 */
final class Compaction {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  /**
   * Share of its time that compaction rests while puts run. Threads have no priorities under Linux,
   * and the cores are worth more to a client that waits.
   */
  private static final int REST = 2;

  /** Longest rest at once, milliseconds. */
  private static final long REST_MS_MAX = 2_000;

  private final BooleanSupplier putsRunning;
  private final CatalogueLog catalogue;
  private final QueryEngine engine;
  private final ChunkStore store;
  private final Leases leases;
  private final Pins pins;

  Compaction(
      CatalogueLog catalogue,
      QueryEngine engine,
      ChunkStore store,
      Leases leases,
      Pins pins,
      BooleanSupplier putsRunning) {
    this.putsRunning = putsRunning;
    this.catalogue = catalogue;
    this.engine = engine;
    this.store = store;
    this.leases = leases;
    this.pins = pins;
  }

  /** Compacts some days; false when another commit replaced the same runs first. */
  boolean compact(CompactionPlan.Task task) {
    Pins.Pinned pinned = pins.pin(catalogue::state);
    var upload = new RunUpload(store, leases, catalogue::state, Runnable::run);
    boolean settled = true;
    try {
      CatalogueState state = pinned.state();
      Set<Day> emptied = new HashSet<>();
      for (Map.Entry<Day, List<RunRef>> e : task.inputs().entrySet()) {
        DayEntry day = state.days().get(e.getKey());
        if (day == null || !day.runs().containsAll(e.getValue())) {
          return false;
        }
        if (!rewrite(state, e.getKey(), e.getValue(), upload)) {
          emptied.add(e.getKey());
        }
      }
      Entry.Builder entry = RunReplacement.entry(state, task, upload.finish(0), emptied);
      Applied applied = catalogue.propose(entry);
      if (applied.hasConflict()) {
        LOG.debug("compaction of {} came too late: {}", task, applied.getConflict().getWhat());
      }
      return applied.hasDone();
    } catch (LogException e) {
      settled = e.reason() != LogException.Reason.INDETERMINATE;
      throw e;
    } finally {
      pinned.pin().close();
      // An entry that may still be applied keeps its chunks until the node restarts and knows.
      if (settled) {
        upload.release();
      }
    }
  }

  /** Whether anything of the day is left. */
  private boolean rewrite(CatalogueState state, Day day, List<RunRef> runs, RunUpload upload) {
    boolean any = false;
    try (VersionCursor versions = engine.keptVersions(state, runs, day.range())) {
      long start = System.nanoTime();
      for (VersionBatch batch = versions.next(); batch != null; batch = versions.next()) {
        upload.add(batch);
        any = true;
        long worked = System.nanoTime() - start;
        if (putsRunning.getAsBoolean()) {
          Blocking.pause(Math.min(REST_MS_MAX, REST * worked / 1_000_000));
        }
        start = System.nanoTime();
      }
    }
    return any;
  }
}
