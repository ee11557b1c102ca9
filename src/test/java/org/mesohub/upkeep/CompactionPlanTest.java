package org.mesohub.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    return CompactionPlan.plan(state, new CompactionPlan.Needs(runsMin, flushInline, state.floor()))
        .stream()
        .map(task -> task.days().stream().map(Day::epochDay).toList())
        .toList();
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

    assertThat(plan(2, true)).containsExactly(List.of(1), List.of(2));
    assertThat(CompactionPlan.inputs(state.days().get(new Day(1))))
        .isEqualTo(state.days().get(new Day(1)).runs().subList(0, CompactionPlan.RUNS_MAX));
  }
}
