package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A fault that happened.
 *
 * @param overNanos when its cause was gone
 * @param wellNanos when all nodes worked again; -1 when they did not
 */
record Fault(
    Scenario scenario,
    List<String> told,
    long beginNanos,
    long overNanos,
    long wellNanos,
    long termBefore,
    long termAfter) {

  String text() {
    return String.format(
        Locale.ROOT,
        "%s %s: took %.1f s, well %s, terms +%d",
        scenario,
        told,
        (overNanos - beginNanos) / 1e9,
        wellNanos < 0
            ? "NEVER"
            : String.format(Locale.ROOT, "%.1f s later", (wellNanos - overNanos) / 1e9),
        termAfter - termBefore);
  }

  static String table(List<Fault> faults) {
    return faults.stream()
        .map(f -> f.scenario + "\t" + f.beginNanos + "\t" + f.overNanos + "\t" + f.wellNanos)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /**
   * Per scenario: how long after its begin the next put succeeded that was sent after it, and how
   * long after its end all was well.
   */
  static String report(List<Fault> faults, List<Op> history) {
    List<Op.Put> acknowledged =
        history.stream()
            .filter(op -> op instanceof Op.Put && op.outcome() == Op.Outcome.OK)
            .map(op -> (Op.Put) op)
            .toList();
    Map<Scenario, List<Double>> gaps = new EnumMap<>(Scenario.class);
    Map<Scenario, List<Double>> recoveries = new EnumMap<>(Scenario.class);
    for (Fault fault : faults) {
      long next =
          acknowledged.stream()
              .filter(put -> put.lastBeginNanos() > fault.beginNanos)
              .mapToLong(Op.Put::endNanos)
              .min()
              .orElse(Long.MAX_VALUE);
      gaps.computeIfAbsent(fault.scenario, s -> new ArrayList<>())
          .add((next - fault.beginNanos) / 1e9);
      recoveries
          .computeIfAbsent(fault.scenario, s -> new ArrayList<>())
          .add(fault.wellNanos < 0 ? Double.NaN : (fault.wellNanos - fault.overNanos) / 1e9);
    }
    var text = new StringBuilder();
    text.append(
        "seconds from the begin of the fault to the next put that was sent later and acknowledged;"
            + " and from its end until all was well\n");
    text.append(row("fault", "times", "p50", "p99", "max", "well p50", "well max"));
    gaps.forEach(
        (scenario, seconds) ->
            text.append(
                row(
                    scenario.name(),
                    seconds.size(),
                    at(seconds, 0.5),
                    at(seconds, 0.99),
                    at(seconds, 1),
                    at(recoveries.get(scenario), 0.5),
                    at(recoveries.get(scenario), 1))));
    return text.toString();
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %6s %8s %8s %8s %10s %10s%n", cells);
  }

  private static String at(List<Double> values, double quantile) {
    List<Double> sorted = values.stream().sorted().toList();
    int index = (int) Math.ceil(quantile * sorted.size()) - 1;
    return String.format(Locale.ROOT, "%.2f", sorted.get(Math.max(0, index)));
  }
}
