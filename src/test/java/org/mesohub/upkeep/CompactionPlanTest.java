package org.mesohub.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.Catalogue;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Entries;
import org.mesohub.catalog.RunBodies;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Day;
import org.mesohub.segment.ChunkId;

class CompactionPlanTest {
  private CatalogueState state = CatalogueState.empty("here");
  private final Map<RunRef, Long> rows = new HashMap<>();
  private int bodies;

  private void commit(boolean inline, Integer... days) {
    byte[] bytes = {(byte) bodies, (byte) (bodies++ >> 8)};
    RunRef.Body body =
        inline
            ? new RunRef.Body.Inline(ChunkId.of(bytes), bytes)
            : new RunRef.Body.Stored(ChunkId.of(bytes));
    state =
        Catalogue.apply(
                state, bodies, Entries.commit(state, RunBodies.toProto(body), List.of(days)))
            .state();
  }

  private List<List<Integer>> plan(int runsMin, boolean flushInline) {
    return plan(
            new CompactionPlan.Needs(runsMin, flushInline, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE))
        .stream()
        .map(task -> task.inputs().keySet().stream().map(Day::epochDay).toList())
        .toList();
  }

  private List<CompactionPlan.Task> plan(CompactionPlan.Needs needs) {
    return CompactionPlan.plan(state, needs, (run, day) -> rows.getOrDefault(run, 1L));
  }

  @Test
  void daysWithFewerReferencesThanAskedForAreLeftAlone() {
    commit(false, 1, 2, 3);
    commit(false, 3);

    assertThat(plan(2, true)).containsExactly(List.of(3));
    assertThat(plan(3, true)).isEmpty();
  }

  @Test
  void inlineRowsAreANeedOnlyWhenTheyAreToBeFlushed() {
    commit(true, 1, 2);
    commit(false, 3);

    assertThat(plan(2, true)).containsExactly(List.of(1, 2));
    assertThat(plan(2, false)).isEmpty();
  }

  @Test
  void aTaskNamesNoMoreReferencesThanALogEntryHolds() {
    for (int i = 0; i < CompactionPlan.RUNS_MAX + 10; i++) {
      commit(false, 1);
    }
    commit(false, 2);
    commit(false, 2);

    assertThat(plan(2, true)).containsExactly(List.of(1), List.of(1, 2));
    assertThat(plan(CompactionPlan.Needs.all(0, Long.MAX_VALUE)).get(0).inputs().get(new Day(1)))
        .isEqualTo(runs().subList(0, CompactionPlan.RUNS_MAX));
  }

  @Test
  void ofALargeDayOnlyTheNewestRunsAreRewritten() {
    commitOf(1_000);
    commitOf(10);
    commitOf(10);
    commitOf(1);
    commitOf(2);
    commitOf(1);

    assertThat(plan(large(3))).extracting(task -> task.inputs().get(new Day(1))).isEmpty();
    for (int i = 0; i < 40; i++) {
      commitOf(1);
    }
    assertThat(plan(large(3)))
        .extracting(task -> task.inputs().get(new Day(1)))
        .as("runs that have four times their rows in newer ones")
        .containsExactly(List.copyOf(runs().subList(1, runs().size())));
  }

  @Test
  void aLargeDayIsRewrittenWholeOnceItIsSettled() {
    commitOf(1_000);
    commitOf(1);
    long newest = runs().get(1).commitTimeMicros();

    assertThat(plan(new CompactionPlan.Needs(2, true, 0, 0, newest - 1, Long.MAX_VALUE))).isEmpty();
    assertThat(plan(new CompactionPlan.Needs(2, true, 0, 0, newest, Long.MAX_VALUE)))
        .extracting(task -> task.inputs().get(new Day(1)))
        .containsExactly(List.copyOf(runs()));
  }

  @Test
  void rowsInlineInALargeDayAreMovedWithoutTheRunsBeforeThem() {
    commitOf(1_000);
    commitOf(1_000);
    commit(true, 1);
    commitOf(1);

    assertThat(plan(large(48)))
        .extracting(task -> task.inputs().get(new Day(1)))
        .containsExactly(List.copyOf(runs().subList(2, 4)));
  }

  /** What many equal puts to one day cost: the square of their number would be 700,000 rows. */
  @Test
  void manyPutsToOneDayRewriteItsRowsAFewTimes() {
    int puts = 1_200;
    long rewritten = 0;
    int most = 0;
    for (int i = 0; i < puts; i++) {
      commitOf(1);
      most = Math.max(most, runs().size());
      for (CompactionPlan.Task task : plan(large(48))) {
        rewritten += replace(task.inputs().get(new Day(1)));
      }
    }
    assertThat(runs().stream().mapToLong(run -> rows.getOrDefault(run, 1L)).sum()).isEqualTo(puts);
    assertThat(rewritten).isLessThan(4L * puts);
    assertThat(most).isLessThan(64);
  }

  @Test
  void runsThatDoNotFitTheHeapAtOnceAreJoinedInGroups() {
    for (int i = 0; i < 11; i++) {
      commitOf(1_000_000);
    }
    long ofFive = 5L * (3 << 20) + (1 << 20);

    assertThat(plan(CompactionPlan.Needs.all(0, ofFive)))
        .extracting(task -> task.inputs().get(new Day(1)))
        .as("the eleventh waits for the next round")
        .containsExactly(List.copyOf(runs().subList(0, 5)), List.copyOf(runs().subList(5, 10)));
  }

  private static CompactionPlan.Needs large(int runsMin) {
    return new CompactionPlan.Needs(runsMin, true, 0, 0, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private List<RunRef> runs() {
    return state.days().get(new Day(1)).runs();
  }

  private void commitOf(long rowsOfRun) {
    commit(false, 1);
    rows.put(runs().get(runs().size() - 1), rowsOfRun);
  }

  /** Replaces neighbours by one run of all their rows; gives how many these are. */
  private long replace(List<RunRef> inputs) {
    int at = runs().indexOf(inputs.get(0));
    long sum = inputs.stream().mapToLong(run -> rows.getOrDefault(run, 1L)).sum();
    byte[] bytes = {(byte) bodies, (byte) (bodies++ >> 8), 1};
    RunRef.Body output = new RunRef.Body.Stored(ChunkId.of(bytes));
    state =
        Catalogue.apply(
                state,
                bodies,
                Entries.replace(state, 1, at, inputs.size(), RunBodies.toProto(output)))
            .state();
    assertThat(runs().get(at).body()).as("in the place of what it replaces").isEqualTo(output);
    rows.put(runs().get(at), sum);
    return sum;
  }
}
