package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.ingest.IngestWorld.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.ingest.IngestWorld.Row;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Origin;

class DrafterTest {
  private static final Origin ORIGIN = Origin.local("s", "");
  private static final int SEEDS = 150;

  @Test
  void each_put_of_a_group_has_the_counts_it_would_have_alone() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      try (var world = new IngestWorld()) {
        Map<String, Integer> values = new HashMap<>();
        List<ObservationBatch> puts = new ArrayList<>();
        List<PutTally> expected = new ArrayList<>();
        for (int put = random.nextInt(6); put >= 0; put--) {
          var rows = new Row[random.nextInt(5)];
          Arrays.setAll(
              rows,
              i -> new Row("S" + random.nextInt(3), random.nextInt(4) - 1, random.nextInt(2)));
          puts.add(batch(rows));
          expected.add(tally(values, rows));
        }
        Draft draft = world.drafter.draftGroup(world.state(), puts, ORIGIN);
        assertThat(draft.tallies()).as("seed " + seed).isEqualTo(expected);
        draft.release();
      }
    }
  }

  /** What a put does to a map of values. */
  private static PutTally tally(Map<String, Integer> values, Row... rows) {
    long[] counts = new long[4];
    for (Row row : rows) {
      Integer old = values.put(row.station() + "@" + row.minute(), row.value());
      counts[old == null ? 0 : old == row.value() ? 1 : 2]++;
      counts[3] += row.minute() > 0 ? 1 : 0;
    }
    return new PutTally(counts[0], counts[1], counts[2], counts[3]);
  }

  @Test
  void a_dry_run_stores_and_holds_nothing() {
    try (var world = new IngestWorld()) {
      Draft draft =
          world.drafter.draft(
              world.state(), new PutRows.Few(batch(new Row("A", 0, 1))), ORIGIN, true);
      assertThat(draft.body()).isNull();
      assertThat(draft.tallies()).containsExactly(new PutTally(1, 0, 0, 0));
      assertThat(world.stored).isEmpty();
    }
  }
}
