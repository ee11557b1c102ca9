package org.mesohub.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mesohub.chaos.Op.Outcome.FAIL;
import static org.mesohub.chaos.Op.Outcome.INDETERMINATE;
import static org.mesohub.chaos.Op.Outcome.OK;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mesohub.chaos.SimulatedStore.Fault;
import org.mesohub.chaos.Violation.Rule;

class HistoryCheckerTest {
  private static final int SEEDS = 100;
  private static final int STEPS = 1_200;

  @TempDir Path folder;

  @Test
  void a_correct_store_is_never_accused() {
    for (long seed = 0; seed < 3 * SEEDS; seed++) {
      assertThat(check(Fault.NONE, seed).violations()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void histories_of_the_simulation_say_something() {
    Verdict verdict = check(Fault.NONE, 1);
    assertThat(verdict.acknowledged()).isGreaterThan(20);
    assertThat(verdict.indeterminate()).isPositive();
    assertThat(verdict.failed()).isPositive();
    assertThat(verdict.reads()).isGreaterThan(20);
  }

  /**
   * In few runs a fault has no effect that anybody could see: nothing that was acknowledged happens
   * to be lost. In all others the checker sees it.
   */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void planted_faults_are_caught(Fault fault) {
    int caught = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      caught += check(fault, seed).isGood() ? 0 : 1;
    }
    assertThat(caught).as("%s caught in %d runs", fault, SEEDS).isGreaterThan(SEEDS * 95 / 100);
  }

  private static Verdict check(Fault fault, long seed) {
    return HistoryChecker.check(SimulatedHistory.of(fault, seed, STEPS));
  }

  @Test
  void an_acknowledged_put_is_in_later_reads() {
    Op put = put("a", 1, 2, OK, 1, 11, "K");
    assertRules(List.of(put, read(3, 4, 1, 11, "K")));
    assertRules(List.of(put, read(3, 4, 1, 0, "K")), Rule.LOST);
    assertRules(List.of(put, read(3, 4, 0, 0, "K")), Rule.OUT_OF_ORDER);
    assertRules(List.of(put, read(1, 4, 0, 0, "K")));
  }

  @Test
  void nothing_appears_that_was_not_put_or_not_yet_or_failed() {
    assertRules(List.of(read(3, 4, 1, 11, "K")), Rule.INVENTED);
    assertRules(List.of(put("a", 1, 2, OK, 1, 11, "L"), read(3, 4, 1, 11, "K")), Rule.INVENTED);
    assertRules(
        List.of(put("a", 6, 7, INDETERMINATE, 0, 11, "K"), read(3, 4, 1, 11, "K")), Rule.TOO_EARLY);
    assertRules(List.of(put("a", 1, 7, OK, 5, 11, "K"), read(3, 4, 4, 11, "K")), Rule.TOO_EARLY);
    assertRules(
        List.of(put("a", 1, 2, FAIL, 0, 11, "K"), read(3, 4, 1, 11, "K")), Rule.FAILED_SEEN);
  }

  @Test
  void reads_move_forward() {
    Op put = put("a", 1, 9, INDETERMINATE, 0, 11, "K");
    assertRules(List.of(put, read(2, 3, 4, 11, "K"), read(4, 5, 5, 0, "K")), Rule.LOST);
    assertRules(List.of(read(2, 3, 4, 0, "K"), read(4, 5, 3, 0, "K")), Rule.OUT_OF_ORDER);
    assertRules(List.of(read(2, 5, 4, 0, "K"), read(4, 6, 3, 0, "K")));
  }

  @Test
  void the_last_commit_of_a_key_wins() {
    Op first = put("a", 1, 9, OK, 1, 11, "K");
    Op second = put("b", 1, 9, OK, 2, 12, "K");
    assertRules(List.of(first, second, read(20, 21, 2, 12, "K")));
    assertRules(List.of(first, second, read(20, 21, 2, 11, "K")), Rule.LOST);
    assertRules(
        List.of(first, second, read(20, 21, 2, 12, "K"), read(22, 23, 3, 11, "K")), Rule.WENT_BACK);
  }

  @Test
  void puts_of_one_commit_come_in_any_order_but_in_one() {
    Op first = put("a", 1, 9, OK, 1, 11, "K");
    Op second = put("b", 1, 9, OK, 1, 12, "K");
    for (long seen : new long[] {11, 12}) {
      assertRules(List.of(first, second, read(20, 21, 1, seen, "K")));
      Op back = read(22, 23, 1, 23 - seen, "K");
      Verdict verdict =
          HistoryChecker.check(List.of(first, second, read(20, 21, 1, seen, "K"), back));
      assertThat(verdict.counts()).hasSize(1);
    }
  }

  @Test
  void an_unanswered_put_may_come_late_but_once_and_whole() {
    Op late = put("a", 1, 2, INDETERMINATE, 0, 11, "K", "L");
    Op other = put("b", 3, 4, OK, 5, 12, "K");
    Op before = read(5, 6, 5, new long[] {12, 0}, "K", "L");
    assertRules(List.of(late, other, before));
    assertRules(List.of(late, other, before, read(7, 8, 6, new long[] {11, 11}, "K", "L")));
    assertRules(
        List.of(late, other, before, read(7, 8, 6, new long[] {11, 0}, "K", "L")), Rule.TORN);
    assertRules(
        List.of(
            late,
            other,
            before,
            read(7, 8, 6, 11, "K"),
            read(9, 10, 7, 0, "L"),
            read(11, 12, 8, 11, "L")),
        Rule.TORN);
    Op again = put("c", 20, 21, OK, 9, 13, "K");
    assertRules(
        List.of(
            late,
            other,
            read(7, 8, 6, 11, "K"),
            again,
            read(22, 23, 9, 13, "K"),
            read(24, 25, 10, 11, "K")),
        Rule.WENT_BACK);
  }

  @Test
  void a_token_has_one_answer() {
    assertRules(List.of(put("a", 1, 2, OK, 1, 11, "K"), put("a", 3, 4, OK, 1, 11, "K")));
    assertRules(List.of(put("a", 1, 2, INDETERMINATE, 0, 11, "K"), put("a", 3, 4, OK, 1, 11, "K")));
    assertRules(
        List.of(put("a", 1, 2, OK, 1, 11, "K"), put("a", 3, 4, OK, 2, 11, "K")), Rule.TWO_ANSWERS);
    assertRules(List.of(put("a", 1, 2, OK, 0, 11, "K")), Rule.TWO_ANSWERS);
    assertThatThrownBy(
            () ->
                HistoryChecker.check(
                    List.of(put("a", 1, 2, OK, 1, 11, "K"), put("b", 3, 4, OK, 2, 11, "K"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void commits_follow_real_time() {
    assertRules(
        List.of(put("a", 1, 2, OK, 2, 11, "K"), put("b", 3, 4, OK, 2, 12, "L")), Rule.OUT_OF_ORDER);
    assertRules(List.of(read(1, 2, 7, 0, "K"), put("b", 3, 4, OK, 7, 12, "L")), Rule.OUT_OF_ORDER);
  }

  @Test
  @Tag("slow")
  void a_million_operations_are_checked() {
    var random = new Random(1);
    var ops = new ArrayList<Op>();
    int keys = 5_000;
    long[] values = new long[keys];
    for (int i = 1; i <= 500_000; i++) {
      int at = random.nextInt(keys - 3);
      Arrays.fill(values, at, at + 2, i);
      String[] written = {"K" + at, "K" + (at + 1)};
      ops.add(put("t" + i, 10L * i, 10L * i + 1, OK, i, i, written));
      String[] asked = {"K" + at, "K" + (at + 1), "K" + (at + 2)};
      ops.add(read(10L * i + 2, 10L * i + 3, i, Arrays.copyOfRange(values, at, at + 3), asked));
    }
    assertThat(HistoryChecker.check(ops).violations()).isEmpty();
    ops.add(read(6_000_000, 6_000_001, 500_000, 0, "K" + (keys / 2)));
    assertThat(HistoryChecker.check(ops).counts())
        .containsExactly(java.util.Map.entry(Rule.LOST, 1L));
  }

  @Test
  void a_history_is_read_as_it_was_written() throws Exception {
    List<Op> ops = SimulatedHistory.of(Fault.NONE, 5, STEPS);
    Path file = folder.resolve("history.ndjson");
    try (var out = new HistoryFile(file)) {
      out.event(1, "begun");
      ops.forEach(out::write);
    }
    assertThat(HistoryFile.read(file)).usingRecursiveComparison().isEqualTo(ops);
  }

  private static void assertRules(List<Op> history, Rule... rules) {
    for (List<Op> order : Stream.of(history, reversed(history)).toList()) {
      Verdict verdict = HistoryChecker.check(order);
      assertThat(verdict.counts().keySet()).as("%s", verdict).containsExactlyInAnyOrder(rules);
    }
  }

  private static List<Op> reversed(List<Op> history) {
    var reversed = new ArrayList<>(history);
    java.util.Collections.reverse(reversed);
    return reversed;
  }

  private static Op put(
      String token,
      long begin,
      long end,
      Op.Outcome outcome,
      long commit,
      long value,
      String... keys) {
    return new Op.Put("w", token, begin, begin, end, outcome, commit, value, List.of(keys), "");
  }

  private static Op read(long begin, long end, long commit, long value, String key) {
    return read(begin, end, commit, new long[] {value}, key);
  }

  private static Op read(long begin, long end, long commit, long[] values, String... keys) {
    return new Op.Read("r", begin, end, OK, commit, List.of(keys), values, "");
  }
}
