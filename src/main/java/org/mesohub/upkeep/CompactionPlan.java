package org.mesohub.upkeep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Day;
import org.mesohub.segment.ChunkLimits;

/**
 * Which runs of which days to compact together. Days in need are those with several references or
 * rows inline in the catalogue; neighbours in need are joined until they fill a chunk, so that ten
 * years of one station become a few chunks and not 3,650.
 *
 * <p>A small day is rewritten whole. Of a large one only the newest runs are, together with an
 * older run where that is small beside them: so a run is rewritten only as part of one several
 * times its size, and what a day costs grows with its rows times their logarithm, not with their
 * square.
 */
final class CompactionPlan {
  /**
   * Runs to be written as one.
   *
   * @param inputs runs by day, each a stretch of the day's in their order
   */
  record Task(TreeMap<Day, List<RunRef>> inputs) {}

  /**
   * What is worth doing.
   *
   * @param runsMin references from which a day is in need
   * @param flushInline whether rows inline in the catalogue are a need of their own
   * @param trimBelow a day is in need, and rewritten whole, when a value superseded by this commit
   *     may be left out; at most the floor
   * @param wholeRowsMax days of at most so many rows are rewritten whole
   * @param settledMicros days without a commit since then are rewritten whole, however large
   * @param heapBytesMax heap that the runs read at once may take
   */
  record Needs(
      int runsMin,
      boolean flushInline,
      long trimBelow,
      long wholeRowsMax,
      long settledMicros,
      long heapBytesMax) {
    /** Everything, whatever it costs. */
    static Needs all(long trimBelow, long heapBytesMax) {
      return new Needs(2, true, trimBelow, Long.MAX_VALUE, Long.MAX_VALUE, heapBytesMax);
    }
  }

  /** Tells how many rows of a day a run has, about. */
  interface RunRows {
    long of(RunRef run, Day day);
  }

  /**
   * References that one task replaces, at most, so that they fit a log entry by name; what is left
   * waits for the next task.
   */
  static final int RUNS_MAX = 4_096;

  /** An older run is rewritten with newer ones that have at least this many times its rows. */
  private static final int GROWTH = 4;

  /** Heap that a run takes while it is read: its open chunk and the rows decoded of it. */
  private static final int ROW_BYTES = 48;

  /** The same for a run however small. */
  private static final int RUN_BYTES = 16 << 10;

  private CompactionPlan() {}

  static List<Task> plan(CatalogueState state, Needs needs, RunRows rowsOf) {
    List<Task> tasks = new ArrayList<>();
    var inputs = new TreeMap<Day, List<RunRef>>();
    long rows = 0;
    long runs = 0;
    for (Map.Entry<Day, DayEntry> e : state.days().entrySet()) {
      List<Stretch> stretches =
          cut(e.getKey(), stretch(e.getKey(), e.getValue(), needs, rowsOf), needs, rowsOf);
      for (Stretch day : stretches) {
        boolean fits =
            rows + day.rows <= ChunkLimits.ROWS_MAX && runs + day.runs.size() <= RUNS_MAX;
        if (!inputs.isEmpty() && !(fits && stretches.size() == 1)) {
          tasks.add(new Task(inputs));
          inputs = new TreeMap<>();
          rows = 0;
          runs = 0;
        }
        inputs.put(e.getKey(), day.runs);
        rows += day.rows;
        runs += day.runs.size();
      }
    }
    if (!inputs.isEmpty()) {
      tasks.add(new Task(inputs));
    }
    return tasks;
  }

  /** Runs of a day to be rewritten, and their rows. */
  private record Stretch(List<RunRef> runs, long rows) {}

  /** The runs of a day that are worth rewriting. */
  private static List<RunRef> stretch(Day day, DayEntry entry, Needs needs, RunRows rowsOf) {
    List<RunRef> runs = entry.runs();
    int inline = needs.flushInline ? firstInline(runs) : runs.size();
    boolean trims = entry.superseded().isBelow(needs.trimBelow);
    if (runs.size() < needs.runsMin && inline == runs.size() && !trims) {
      return List.of();
    }
    if (trims
        || entry.rows() <= needs.wholeRowsMax
        || runs.get(runs.size() - 1).commitTimeMicros() <= needs.settledMicros) {
      return runs;
    }
    int from = inline;
    long newer = 0;
    for (int i = runs.size() - 1; i >= 0; i--) {
      long own = rowsOf.of(runs.get(i), day);
      boolean enough = runs.size() - i >= needs.runsMin || inline < runs.size();
      if (enough && own <= newer / GROWTH) {
        from = Math.min(from, i);
      }
      newer += own;
    }
    return runs.subList(from, runs.size());
  }

  /**
   * Cuts runs into neighbours that can be read at once; what they become is joined later. A run
   * that would be left alone is left out, if there are others.
   */
  private static List<Stretch> cut(Day day, List<RunRef> runs, Needs needs, RunRows rowsOf) {
    List<Stretch> stretches = new ArrayList<>();
    List<RunRef> part = new ArrayList<>();
    long rows = 0;
    long heap = 0;
    for (RunRef run : runs) {
      long own = rowsOf.of(run, day);
      long ownHeap = RUN_BYTES + ROW_BYTES * Math.min(ChunkLimits.ROWS_MAX, own);
      if (part.size() == RUNS_MAX || part.size() > 1 && heap + ownHeap > needs.heapBytesMax) {
        stretches.add(new Stretch(List.copyOf(part), rows));
        part.clear();
        rows = 0;
        heap = 0;
      }
      part.add(run);
      rows += own;
      heap += ownHeap;
    }
    if (part.size() > 1 || stretches.isEmpty() && !part.isEmpty()) {
      stretches.add(new Stretch(List.copyOf(part), rows));
    }
    return stretches;
  }

  private static int firstInline(List<RunRef> runs) {
    int i = 0;
    while (i < runs.size() && !(runs.get(i).body() instanceof RunRef.Body.Inline)) {
      i++;
    }
    return i;
  }
}
