package org.mesohub.upkeep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.observation.Day;

/**
 * Retention by observation date: takes days out of the catalogue that ended longer ago than rows
 * are kept, with every version of their rows. Their chunks are garbage then. What is put to such a
 * day later goes with the next look. Blocks; for one background thread.
 */
final class OldDays {
  /** Days and runs of one entry: it names each of them in some 50 bytes. */
  private static final int RUNS_MAX = 4_096;

  private final CatalogueLog catalogue;
  private final @Nullable Duration kept;
  private final LongSupplier clockMicros;

  /**
   * @param kept how long rows stay, from the end of their UTC day; null for always
   */
  OldDays(CatalogueLog catalogue, @Nullable Duration kept, LongSupplier clockMicros) {
    this.catalogue = catalogue;
    this.kept = kept;
    this.clockMicros = clockMicros;
  }

  /** Takes away what is too old now; gives how many days went. */
  int drop() {
    int dropped = 0;
    CompactionPlan.@Nullable Task task = next();
    while (task != null) {
      CatalogueState state = catalogue.state();
      if (!state.days().keySet().containsAll(task.inputs().keySet())
          || !catalogue.propose(RunReplacement.removal(state, task)).hasDone()) {
        break; // changed meanwhile: the next look sees it
      }
      dropped += task.inputs().size();
      task = next();
    }
    return dropped;
  }

  private CompactionPlan.@Nullable Task next() {
    if (kept == null) {
      return null;
    }
    CatalogueState state = catalogue.state();
    // The later of two clocks that disagree must not decide what is gone for good.
    long now = Math.min(clockMicros.getAsLong(), state.timeMicros());
    long endedBefore = now - kept.toSeconds() * 1_000_000;
    TreeMap<Day, List<RunRef>> inputs = new TreeMap<>();
    int runs = 0;
    for (Map.Entry<Day, DayEntry> e : state.days().entrySet()) {
      runs += 1 + e.getValue().runs().size();
      if (e.getKey().endMicros() > endedBefore || (runs > RUNS_MAX && !inputs.isEmpty())) {
        break;
      }
      inputs.put(e.getKey(), new ArrayList<>(e.getValue().runs()));
    }
    return inputs.isEmpty() ? null : new CompactionPlan.Task(inputs);
  }
}
