package org.mesohub.upkeep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Day;
import org.mesohub.segment.ChunkLimits;

/**
 * Which days to compact together. Days in need are those with several references or rows inline in
 * the catalogue; neighbours in need are joined until they fill a chunk, so that ten years of one
 * station become a few chunks and not 3,650.
 */
final class CompactionPlan {
  /** Days to be written as one run. */
  record Task(List<Day> days) {}

  /**
   * References that one task replaces, at most, so that they fit a log entry by name; what is left
   * waits for the next task.
   */
  static final int RUNS_MAX = 4_096;

  private CompactionPlan() {}

  /**
   * The references of a day that one task replaces: the oldest, as its output takes their place.
   */
  static List<RunRef> inputs(DayEntry entry) {
    return entry.runs().subList(0, Math.min(RUNS_MAX, entry.runs().size()));
  }

  /**
   * What makes a day need compaction.
   *
   * @param runsMin references from which a day is in need
   * @param flushInline whether rows inline in the catalogue are a need of their own
   * @param trimBelow a day is in need when a value superseded by this commit may be left out; at
   *     most the floor
   */
  record Needs(int runsMin, boolean flushInline, long trimBelow) {}

  static List<Task> plan(CatalogueState state, Needs needs) {
    List<Task> tasks = new ArrayList<>();
    List<Day> days = new ArrayList<>();
    long rows = 0;
    long runs = 0;
    for (Map.Entry<Day, DayEntry> e : state.days().entrySet()) {
      DayEntry entry = e.getValue();
      if (!isInNeed(entry, needs)) {
        continue;
      }
      int dayRuns = inputs(entry).size();
      if (!days.isEmpty()
          && (rows + entry.rows() > ChunkLimits.ROWS_MAX || runs + dayRuns > RUNS_MAX)) {
        tasks.add(new Task(List.copyOf(days)));
        days.clear();
        rows = 0;
        runs = 0;
      }
      days.add(e.getKey());
      rows += entry.rows();
      runs += dayRuns;
    }
    if (!days.isEmpty()) {
      tasks.add(new Task(List.copyOf(days)));
    }
    return tasks;
  }

  private static boolean isInNeed(DayEntry entry, Needs needs) {
    return entry.runs().size() >= needs.runsMin
        || entry.superseded().isBelow(needs.trimBelow)
        || (needs.flushInline
            && entry.runs().stream().anyMatch(run -> run.body() instanceof RunRef.Body.Inline));
  }
}
