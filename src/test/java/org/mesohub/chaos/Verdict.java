package org.mesohub.chaos;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a check of a history found.
 *
 * @param violations the first of each kind
 * @param counts all of each kind
 */
record Verdict(
    long acknowledged,
    long indeterminate,
    long failed,
    long reads,
    Map<Violation.Rule, Long> counts,
    List<Violation> violations) {

  static Verdict of(
      List<Puts.Version> puts,
      long reads,
      Map<Violation.Rule, Long> counts,
      List<Violation> violations) {
    var outcomes = new EnumMap<Op.Outcome, Long>(Op.Outcome.class);
    puts.forEach(put -> outcomes.merge(put.outcome, 1L, Long::sum));
    return new Verdict(
        outcomes.getOrDefault(Op.Outcome.OK, 0L),
        outcomes.getOrDefault(Op.Outcome.INDETERMINATE, 0L),
        outcomes.getOrDefault(Op.Outcome.FAIL, 0L),
        reads,
        Map.copyOf(counts),
        List.copyOf(violations));
  }

  boolean isGood() {
    return counts.isEmpty();
  }

  @Override
  public String toString() {
    String numbers =
        "%d puts acknowledged, %d indeterminate, %d failed; %d reads: "
            .formatted(acknowledged, indeterminate, failed, reads);
    return isGood()
        ? numbers + "nothing wrong"
        : violations.stream()
            .map(violation -> violation.rule() + ": " + violation.text())
            .collect(Collectors.joining("\n", numbers + "WRONG " + counts + "\n", ""));
  }
}
