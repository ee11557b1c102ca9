package org.mesohub.query;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.Fold;
import org.mesohub.segment.FoldedBatch;
import org.mesohub.segment.FoldedCursor;
import org.mesohub.segment.HistoryTrim;
import org.mesohub.segment.Tombstone;
import org.mesohub.segment.VersionCursor;

/**
 * Plans and runs queries over a pinned catalogue. Thread-safe; every method may block on storage.
 */
public final class QueryEngine {
  /** What a decoded cell takes when it is kept, as a rule. */
  private static final int PACKED_CELL_BYTES = 2;

  private final ChunkSource chunks;
  private final Planner planner;
  private final Set<String> owned;
  private final @Nullable Executor workers;
  private final int lookAhead;

  /** An engine that computes on the thread that pulls. */
  public QueryEngine(ChunkSource chunks) {
    this(chunks, Set.of(), null, 0);
  }

  /**
   * An engine that computes up to {@code lookAhead} pieces of about 2 MB ahead of the reader on
   * other threads.
   */
  public QueryEngine(ChunkSource chunks, Executor workers, int lookAhead) {
    this(chunks, Set.of(), workers, lookAhead);
  }

  /**
   * @param owned (network, cluster) pairs whose versions win, as in {@link Fold}
   * @param workers threads for computing ahead, null for none
   * @param lookAhead pieces of work of one answer computed ahead of its reader
   */
  public QueryEngine(
      ChunkSource chunks, Set<String> owned, @Nullable Executor workers, int lookAhead) {
    this.chunks = chunks;
    this.planner = new Planner(chunks);
    this.owned = Set.copyOf(owned);
    this.workers = workers;
    this.lookAhead = lookAhead;
  }

  /**
   * Starts an answer. Throws {@link InvalidQueryException}, and {@link HistoryExpiredException} for
   * a state that is not kept.
   */
  public Answer open(CatalogueState at, Query query) {
    long commit = commit(at, query.asOfCommit());
    if (query.limit() < 0) {
      throw new InvalidQueryException("limit " + query.limit() + ": use 0 for no limit");
    }
    KeyScope scope = KeyScope.of(query.selection());
    Plan plan = planner.plan(at, scope);
    Predicate predicate = Conditions.compile(query.selection(), plan.columns());
    Projection projection = Projection.of(query.variables(), query.units(), plan.columns());
    Scan scan =
        query.history() && at.floor() > 0
            ? history(at, scope, predicate, plan, commit)
            : scan(
                    at,
                    scope,
                    predicate,
                    projection.stored(),
                    commit,
                    query.history(),
                    keeps(plan, scope, projection.stored().size()))
                .withStamps(query.stamped());
    return new ScanAnswer(
        new AnswerHeader(commit, projection.columns()),
        scan.sources(),
        answer(plan, scan, projection),
        query.limit());
  }

  /** Number of rows that match, by decoding only the columns that conditions need. */
  public long count(CatalogueState at, Selection selection, long asOfCommit) {
    long commit = commit(at, asOfCommit);
    KeyScope scope = KeyScope.of(selection);
    Plan plan = planner.plan(at, scope);
    Predicate predicate = Conditions.compile(selection, plan.columns());
    return Counter.count(
        plan,
        scan(at, scope, predicate, Set.of(), commit, false, keeps(plan, scope, 0)),
        workers,
        lookAhead);
  }

  /** The latest row of each station among those selected, in order of (network, station). */
  public Answer latest(
      CatalogueState at, Selection selection, List<String> variables, String units) {
    return latest(at, new Query(selection, variables, units, 0, false, 0));
  }

  /** The same of a query without history, of the latest commit; its limit does not count. */
  public Answer latest(CatalogueState at, Query query) {
    Selection selection = query.selection();
    KeyScope scope = KeyScope.of(selection);
    Plan plan = planner.plan(at, scope);
    Predicate predicate = Conditions.compile(selection, plan.columns());
    Projection projection = Projection.of(query.variables(), query.units(), plan.columns());
    boolean keeps = keeps(plan, scope, projection.stored().size());
    Scan keys = scan(at, scope, predicate, Set.of(), at.commit(), false, keeps);
    var sources = new AnswerSources();
    return new LatestAnswer(
        new AnswerHeader(at.commit(), projection.columns()),
        sources,
        () -> {
          var latest =
              predicate.isTrue()
                  ? new LatestKeys(keys).find(plan)
                  : new LatestScan(keys, stationsWanted(selection)).find(plan);
          return rows(at, latest, projection, keeps, sources, query.stamped());
        });
  }

  /** The rows of some keys that are known to match. */
  private Pipeline<AnswerBatch> rows(
      CatalogueState at,
      NavigableMap<StationKey, Long> keys,
      Projection projection,
      boolean keeps,
      AnswerSources sources,
      boolean stamped) {
    KeyScope scope = KeyScope.of(SortedKeys.of(keys));
    Scan scan =
        scan(at, scope, Predicate.TRUE, projection.stored(), at.commit(), false, keeps)
            .withSources(sources)
            .withStamps(stamped);
    return answer(planner.plan(at, scope), scan, projection);
  }

  /**
   * Folded rows with the given columns (absent ones left out), for comparing a put with what is
   * stored: no projection, no units. Rows of a batch are in key order, batches in no order.
   */
  public FoldedCursor stored(CatalogueState at, KeyFilter keys, List<Column> columns) {
    return stored(at, keys, columns, StoredRows::works);
  }

  /**
   * {@link #stored} at less cost: a key whose versions lie in several chunks comes once for each,
   * folded within the chunk; only {@link #stored} tells what is read of it.
   */
  public FoldedCursor storedParts(CatalogueState at, KeyFilter keys, List<Column> columns) {
    return stored(at, keys, columns, StoredRows::parts);
  }

  /**
   * Tells every key stored within a range, perhaps repeatedly, and perhaps some deleted ones, until
   * the visitor has enough; false when it had.
   */
  boolean forEachKey(CatalogueState at, TimeRange range, KeyVisitor visitor) {
    KeyScope scope = KeyScope.of(range);
    for (Unit unit : planner.plan(at, scope).units()) {
      for (Slice slice : unit.slices()) {
        Chunk chunk = slice.part().open(chunks);
        for (int index = 0; index < chunk.blocks(); index++) {
          Chunk.Block block = chunk.block(index);
          if (!range.overlapsClosed(block.timeMinMicros(), block.timeMaxMicros())) {
            continue;
          }
          int[] station = block.station();
          long[] time = block.timeMicros();
          for (int row = 0; row < block.rows(); row++) {
            if (range.contains(time[row])
                && !visitor.key(chunk.stations().get(station[row]), time[row])) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  /** Takes a key; false: no more of them. */
  interface KeyVisitor {
    boolean key(StationKey station, long timeMicros);
  }

  private FoldedCursor stored(
      CatalogueState at,
      KeyFilter filter,
      List<Column> columns,
      BiFunction<Plan, Scan, List<Work>> works) {
    SortedKeys keys = SortedKeys.of(filter.sorted());
    KeyScope scope = KeyScope.of(keys);
    Plan plan = planner.plan(at, scope);
    var known = new LinkedHashSet<>(columns);
    known.retainAll(new LinkedHashSet<>(plan.columns()));
    Scan scan = scan(at, scope, Predicate.TRUE, known, at.commit(), false, false);
    var pipeline =
        new Pipeline<>(
            works.apply(plan, scan),
            chunks,
            hits -> StoredRows.batches(hits, keys, known),
            // What a few keys need is soon done, and waking other threads for it is not.
            keys.areFew() ? null : workers,
            lookAhead);
    return new FoldedCursor() {
      @Override
      public @Nullable FoldedBatch next() {
        return pipeline.next();
      }

      @Override
      public void close() {
        pipeline.close();
      }
    };
  }

  /** Every version of some days with resolved origins, complete keys per batch, for compaction. */
  public VersionCursor versions(List<RunRef> runs, TimeRange range) {
    Plan plan = planner.plan(runs, range);
    KeyScope scope = KeyScope.of(range);
    return new PlanCursor(plan, slice -> new OpenSlice(slice, chunks, scope, false));
  }

  /** Like {@link #versions}, without what no state shows that can still be read. */
  public VersionCursor keptVersions(CatalogueState at, List<RunRef> runs, TimeRange range) {
    VersionCursor all = versions(runs, range);
    if (at.floor() == 0) {
      return all;
    }
    List<Tombstone> settled =
        at.tombstones().stream()
            .filter(t -> t.commit() <= at.floor() && !t.range().intersect(range).isEmpty())
            .toList();
    return new KeptVersions(
        all, new Fold(Long.MAX_VALUE, settled, owned), new HistoryTrim(at.floor(), owned));
  }

  /** History where part of it is not kept: what is superseded shows only beside all columns. */
  private Scan history(
      CatalogueState at, KeyScope scope, Predicate predicate, Plan plan, long commit) {
    return scan(at, scope, predicate, new LinkedHashSet<>(plan.columns()), commit, true, false);
  }

  private Scan scan(
      CatalogueState at,
      KeyScope scope,
      Predicate predicate,
      Set<Column> returned,
      long commit,
      boolean history,
      boolean keeps) {
    var columns = new LinkedHashSet<>(predicate.columns());
    columns.addAll(returned);
    // The newest state needs no look at commits: the catalogue lists no run of a later one.
    long asOf = commit == at.commit() ? Long.MAX_VALUE : commit;
    Existence existence = Existence.of(asOf, at.tombstones(), scope);
    Fold fold = new Fold(asOf, existence.tombstones(), owned);
    var trim = new HistoryTrim(at.floor(), owned);
    return new Scan(
        chunks,
        scope,
        predicate,
        existence,
        fold,
        trim,
        new ArrayList<>(columns),
        history,
        false,
        keeps,
        new AnswerSources());
  }

  /**
   * Whether what a query decodes is kept: not when it is so much that it would push itself out
   * before it is asked for again.
   */
  private boolean keeps(Plan plan, KeyScope scope, int columns) {
    if (scope.stations() != Stations.EVERY) {
      return true;
    }
    long cells = 0;
    for (Unit unit : plan.units()) {
      for (Slice slice : unit.slices()) {
        cells += (long) slice.part().summary().rows() * (columns + 1);
      }
    }
    return cells * PACKED_CELL_BYTES <= chunks.decodedBytesMax();
  }

  private Pipeline<AnswerBatch> answer(Plan plan, Scan scan, Projection projection) {
    return new Pipeline<>(
        Work.of(plan, scan),
        chunks,
        hits -> AnswerBatches.of(hits, projection),
        workers,
        lookAhead);
  }

  private static long commit(CatalogueState at, long asOfCommit) {
    if (asOfCommit == Long.MAX_VALUE) {
      return at.commit();
    }
    if (asOfCommit < 0 || asOfCommit > at.commit()) {
      throw new InvalidQueryException(
          "as of commit %d: the newest commit is %d; use %d to %d, or 0 for the newest"
              .formatted(asOfCommit, at.commit(), Math.max(1, at.floor()), at.commit()));
    }
    if (asOfCommit != 0 && asOfCommit < at.floor()) {
      throw new HistoryExpiredException(asOfCommit, at.floor());
    }
    return asOfCommit == 0 ? at.commit() : asOfCommit;
  }

  /** How many stations a selection names one by one; Long.MAX_VALUE when it leaves some open. */
  private static long stationsWanted(Selection selection) {
    boolean open =
        selection.stations().isEmpty()
            || selection.stations().stream().anyMatch(s -> s.network().isEmpty());
    return open
        ? Long.MAX_VALUE
        : selection.stations().stream().map(StationSelector::toString).distinct().count();
  }
}
