package org.mesohub.upkeep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunBodies;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Day;
import org.mesohub.proto.internal.v1.DayInputs;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.proto.internal.v1.ReplaceRuns;

/** The log entry that puts one run, or nothing, in the place of the runs of some days. */
final class RunReplacement {
  private RunReplacement() {}

  /**
   * @param state what the task was planned from
   * @param output the rows of the task's days that are kept; null when none are
   * @param emptied days of which the output has no row
   */
  static Entry.Builder entry(
      CatalogueState state,
      CompactionPlan.Task task,
      RunRef.@Nullable Body output,
      Set<Day> emptied) {
    var command = command(state, task, emptied, false).setTrimmedTo(state.floor());
    if (output != null) {
      command.setOutput(RunBodies.toProto(output));
    }
    return Entry.newBuilder().setReplaceRuns(command);
  }

  /** Takes whole days away, unless something has been put to one of them since. */
  static Entry.Builder removal(CatalogueState state, CompactionPlan.Task task) {
    return Entry.newBuilder().setReplaceRuns(command(state, task, task.inputs().keySet(), true));
  }

  private static ReplaceRuns.Builder command(
      CatalogueState state, CompactionPlan.Task task, Set<Day> emptied, boolean unchanged) {
    Map<RunRef, Integer> positions = new LinkedHashMap<>();
    List<DayInputs> days = new ArrayList<>();
    for (Map.Entry<Day, List<RunRef>> e : task.inputs().entrySet()) {
      Day day = e.getKey();
      DayEntry entry = Objects.requireNonNull(state.days().get(day), "days of a task exist");
      List<RunRef> runs = e.getValue();
      var inputs =
          DayInputs.newBuilder()
              .setEpochDay(day.epochDay())
              .setBasis(unchanged ? entry.version() : 0)
              .setWhole(runs.size() == entry.runs().size())
              .setEmptied(emptied.contains(day));
      for (RunRef run : runs) {
        inputs.addInputs(positions.computeIfAbsent(run, r -> positions.size()));
      }
      days.add(inputs.build());
    }
    var command = ReplaceRuns.newBuilder().addAllDays(days).setCondemnEpoch(state.condemnEpoch());
    positions.keySet().forEach(run -> command.addInputs(RunBodies.toName(run)));
    return command;
  }
}
