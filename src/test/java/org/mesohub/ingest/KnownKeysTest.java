package org.mesohub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mesohub.api.PutOutcome;
import org.mesohub.ingest.IngestWorld.Row;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.query.KnownKeys;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;

/** Small puts are compared by what is known of their days, and count as if everything was read. */
class KnownKeysTest {
  private static final Origin ORIGIN = Origin.local("s", "");
  private static final int SEEDS = 60;
  private static final int DAY_MINUTES = 1_440;

  @Test
  void puts_one_after_the_other_count_as_a_map_of_values_does() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      Map<String, Integer> values = new HashMap<>();
      try (var world = new IngestWorld()) {
        for (int put = 0; put < 40; put++) {
          Row[] rows = rows(random, 1 + random.nextInt(6));
          long[] expected = counts(values, rows);
          ObservationBatch batch = IngestWorld.batch(rows);
          // What is known of a day is out of date when other than small puts have changed it.
          boolean small = random.nextInt(4) > 0;
          PutOutcome outcome =
              world
                  .committer
                  .put(
                      IngestWorld.info(null, "s", "?"),
                      small
                          ? new PutRows.Few(batch)
                          : new PutRows.Sorted(Sorter.sort(batch, ORIGIN).batch()),
                      null)
                  .get(30, TimeUnit.SECONDS);
          assertThat(new long[] {outcome.stored(), outcome.unchanged(), outcome.corrected()})
              .as("seed %d, put %d", seed, put)
              .isEqualTo(expected);
        }
        assertThat(world.state().rows()).as("seed %d", seed).isEqualTo(values.size());
      }
    }
  }

  @Test
  void new_keys_of_a_known_day_are_asked_nobody_for_and_stored_ones_are() throws Exception {
    try (var world = new IngestWorld()) {
      put(world, new Row("A", 0, 1), new Row("B", DAY_MINUTES, 1));
      var known = new KnownKeys(world.engine, 1_000);
      ObservationBatch mixed =
          sorted(new Row("A", 0, 2), new Row("A", 1, 1), new Row("B", DAY_MINUTES, 1));
      assertThat(known.maybeStored(world.state(), mixed).rows()).isEqualTo(2);
      var basis = world.state();
      put(world, new Row("A", 1, 1));
      known.committed(basis, world.state(), world.state().commit(), sorted(new Row("A", 1, 1)));
      assertThat(known.maybeStored(world.state(), sorted(new Row("A", 1, 5))).rows()).isOne();
      assertThat(known.maybeStored(world.state(), sorted(new Row("A", 2, 5))).rows()).isZero();
    }
  }

  @Test
  void what_does_not_fit_is_asked_for() throws Exception {
    try (var world = new IngestWorld()) {
      put(world, new Row("A", 0, 1), new Row("A", 1, 1), new Row("A", 2, 1));
      var known = new KnownKeys(world.engine, 2);
      assertThat(known.maybeStored(world.state(), sorted(new Row("Z", 0, 1))).rows()).isOne();
    }
  }

  @Test
  void one_call_reads_no_more_rows_than_may_be_known() throws Exception {
    try (var world = new IngestWorld()) {
      var stored = new Row[10];
      Arrays.setAll(stored, day -> new Row("A", day * DAY_MINUTES, 1));
      put(world, stored);
      var known = new KnownKeys(world.engine, 4);
      var asked = new Row[10];
      Arrays.setAll(asked, day -> new Row("Z", day * DAY_MINUTES, 1));
      // Of the days it has not read every key may be stored.
      assertThat(known.maybeStored(world.state(), sorted(asked)).rows()).isEqualTo(6);
    }
  }

  private static void put(IngestWorld world, Row... rows) throws Exception {
    world
        .committer
        .put(IngestWorld.info(null, "s", "?"), new PutRows.Few(IngestWorld.batch(rows)), null)
        .get(30, TimeUnit.SECONDS);
  }

  private static ObservationBatch sorted(Row... rows) {
    return Sorter.sort(IngestWorld.batch(rows), ORIGIN).batch().rows();
  }

  private static Row[] rows(Random random, int count) {
    var rows = new Row[count];
    Arrays.setAll(
        rows,
        i ->
            new Row(
                "S" + random.nextInt(3),
                random.nextInt(3) * DAY_MINUTES + random.nextInt(3),
                random.nextInt(3)));
    return rows;
  }

  private static long[] counts(Map<String, Integer> values, Row... rows) {
    long[] counts = new long[3];
    for (Row row : rows) {
      Integer old = values.put(row.station() + "@" + row.minute(), row.value());
      counts[old == null ? 0 : old == row.value() ? 1 : 2]++;
    }
    return counts;
  }
}
