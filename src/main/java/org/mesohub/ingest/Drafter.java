package org.mesohub.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.query.KeyFilter;
import org.mesohub.query.KnownKeys;
import org.mesohub.query.QueryEngine;
import org.mesohub.segment.FoldedCursor;
import org.mesohub.segment.Origin;
import org.mesohub.segment.PutDiff;
import org.mesohub.segment.Sorter;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;
import org.mesohub.store.ChunkStore;

/**
 * Makes drafts: compares sorted rows with the store and writes what changes. Blocks; for worker
 * threads.
 */
final class Drafter {
  /** Keys of stored rows that are known without a look at the store. */
  private static final long KNOWN_KEYS_MAX = 1 << 23;

  /**
   * Heap for each of these: they take a thirty-second of it. When many days are put to by turns and
   * do not all fit, each put reads the keys of its day anew.
   */
  private static final long HEAP_BYTES_PER_KNOWN_KEY = 256;

  private final QueryEngine engine;
  private final ChunkStore store;
  private final Leases leases;
  private final Supplier<CatalogueState> catalogue;
  private final Map<String, String> licences;
  private final Executor encoders;
  private final LongSupplier clockMicros;

  /** Of the days that small puts go to; for the committer's thread. */
  private final KnownKeys known;

  /**
   * @param encoders threads that encode beside the one that drafts
   * @param licences network → licence of rows whose put names none
   */
  Drafter(
      QueryEngine engine,
      ChunkStore store,
      Leases leases,
      Supplier<CatalogueState> catalogue,
      Executor encoders,
      Map<String, String> licences,
      LongSupplier clockMicros) {
    this.engine = engine;
    this.store = store;
    this.leases = leases;
    this.catalogue = catalogue;
    this.encoders = encoders;
    this.licences = licences;
    this.clockMicros = clockMicros;
    this.known =
        new KnownKeys(
            engine,
            Math.min(KNOWN_KEYS_MAX, Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_KNOWN_KEY));
  }

  /** Drafts one put. */
  Draft draft(CatalogueState basis, PutRows rows, Origin origin, boolean dryRun) {
    try (VersionCursor windows = rows.windows(origin)) {
      return new Run(basis, 1, dryRun).draft(windows);
    }
  }

  /** Tells of a draft that its commit is part of this node's state; for the committer's thread. */
  void committed(Draft draft, long commit) {
    ObservationBatch noted = draft.noted();
    if (noted != null) {
      known.committed(draft.basis(), catalogue.get(), commit, noted);
    }
  }

  /** Drafts several small puts of one origin as one commit; for the committer's thread. */
  Draft draftGroup(CatalogueState basis, List<ObservationBatch> puts, Origin origin) {
    Sorter.Sorted sorted = Sorter.sort(Sorter.concat(puts), origin);
    int[] putOf = new int[sorted.inputRow().length];
    int[] endOfPut = new int[puts.size()];
    int end = 0;
    for (int put = 0; put < endOfPut.length; put++) {
      end += puts.get(put).rows();
      endOfPut[put] = end;
    }
    for (int row = 0; row < sorted.batch().rows().rows(); row++) {
      int found = Arrays.binarySearch(endOfPut, sorted.inputRow()[row] + 1);
      putOf[row] = found >= 0 ? firstEqual(endOfPut, found) : -found - 1;
    }
    var run = new Run(basis, puts.size(), false);
    return run.draftSmall(sorted.batch(), putOf);
  }

  /** Leftmost of equal ends: empty puts share the end of the one before them. */
  private static int firstEqual(int[] ends, int found) {
    int first = found;
    while (first > 0 && ends[first - 1] == ends[found]) {
      first--;
    }
    return first;
  }

  /** Rows of a put that names no licence, each under the licence of its network. */
  private VersionBatch licensed(VersionBatch rows) {
    Origin origin = rows.origins().get(0);
    if (licences.isEmpty() || !origin.licence().isEmpty()) {
      return rows;
    }
    List<Origin> origins = new ArrayList<>(List.of(origin));
    var ofStation = new int[rows.rows().stations().size()];
    for (int i = 0; i < ofStation.length; i++) {
      String licence = licences.getOrDefault(rows.rows().stations().get(i).network(), "");
      Origin own = Origin.local(origin.source(), licence);
      if (!origins.contains(own)) {
        origins.add(own);
      }
      ofStation[i] = origins.indexOf(own);
    }
    var of = new int[rows.rows().rows()];
    for (int row = 0; row < of.length; row++) {
      of[row] = ofStation[rows.rows().station()[row]];
    }
    return new VersionBatch(rows.rows(), List.copyOf(origins), of);
  }

  /** One draft in the making. */
  private final class Run {
    private final CatalogueState basis;
    private final PutTally[] tallies;
    private final DayTally days = new DayTally();
    private final @Nullable RunUpload upload;
    private final long nowMicros = clockMicros.getAsLong();
    private @Nullable ObservationBatch noted;

    Run(CatalogueState basis, int puts, boolean dryRun) {
      this.basis = basis;
      this.tallies = new PutTally[puts];
      Arrays.fill(tallies, PutTally.NONE);
      this.upload = dryRun ? null : new RunUpload(store, leases, catalogue, encoders);
    }

    Draft draft(VersionCursor windows) {
      try {
        for (VersionBatch w = windows.next(); w != null; w = windows.next()) {
          window(w, w.rows(), new int[w.rows().rows()]);
        }
        return finish();
      } catch (RuntimeException | Error e) {
        giveUp();
        throw e;
      }
    }

    Draft draftSmall(VersionBatch only, int[] putOf) {
      try {
        noted = window(only, known.maybeStored(basis, only.rows()), putOf);
        return finish();
      } catch (RuntimeException | Error e) {
        giveUp();
        throw e;
      }
    }

    private void giveUp() {
      if (upload != null) {
        upload.release();
      }
    }

    /**
     * @param asked those of the rows whose keys may be stored
     * @return what changes; null for nothing
     */
    private @Nullable ObservationBatch window(
        VersionBatch incoming, ObservationBatch asked, int[] putOf) {
      ObservationBatch rows = incoming.rows();
      days.incoming(rows);
      List<Column> columns = rows.columns().stream().map(ColumnVector::column).toList();
      PutDiff.Result diff;
      try (FoldedCursor parts = engine.storedParts(basis, new KeyFilter(asked), columns)) {
        diff =
            PutDiff.diff(
                incoming,
                putOf,
                tallies.length,
                parts,
                keys -> engine.stored(basis, new KeyFilter(keys), columns));
      }
      long[] future = new long[tallies.length];
      for (int row = 0; row < rows.rows(); row++) {
        if (rows.timeMicros()[row] > nowMicros) {
          future[putOf[row]]++;
        }
      }
      for (int put = 0; put < tallies.length; put++) {
        tallies[put] = tallies[put].plus(diff.counts().get(put), future[put]);
      }
      VersionBatch changed = diff.changed();
      if (changed != null) {
        days.changed(changed.rows(), diff.created());
        if (upload != null) {
          upload.add(licensed(changed));
        }
      }
      return changed == null ? null : changed.rows();
    }

    private Draft finish() {
      RunRef.Body body = upload == null ? null : upload.finish(inlineBytesMax());
      return new Draft(
          basis,
          body,
          days.deltas(basis),
          days.networks(),
          new ArrayList<>(List.of(tallies)),
          noted,
          upload);
    }

    /**
     * Small commits travel inline unless the catalogue already carries much, or the rows touch many
     * days.
     */
    private int inlineBytesMax() {
      return basis.inlineBytes() < IngestLimits.INLINE_TOTAL_BYTES_MAX
          ? IngestLimits.INLINE_BYTES_MAX
          : 0;
    }
  }
}
