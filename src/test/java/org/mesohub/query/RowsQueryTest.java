package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.segment.Batches;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.Sorter;

/** Rows of random stores in any order, some twice, against the oracle of stored ones. */
class RowsQueryTest {
  private static final Origin ORIGIN = new Origin(1, "other", 1, 1, "other", "");
  private static final List<Column> COLUMNS = Oracle.inPlanOrder(World.COLUMNS);

  private record Row(RowKey key, Map<Column, Object> cells) {}

  @Test
  void queriesGiveWhatTheyGiveOfStoredRows() {
    int found = 0;
    for (long seed = 0; seed < 300; seed++) {
      var world = new World(seed, 1 + (int) (seed % 7), 60, 60 * World.MINUTE);
      var oracle = new Oracle(world, Set.of());
      ObservationBatch rows = shuffled(world, seed);
      if (rows == null) {
        continue;
      }
      var random = new RandomQueries(world);
      for (int i = 0; i < 8; i++) {
        Query asked = random.query();
        var query = new Query(asked.selection(), asked.variables(), asked.units(), 0, false, 0);
        String what = "seed " + seed + ", query " + i + ": " + query;
        var rowsQuery = new RowsQuery(query, COLUMNS);
        List<Row> keys = rows(rowsQuery, rows, Order.KEYS);
        assertThat(keys).as(what).isEqualTo(brief(oracle.query(query)));
        assertThat(rows(rowsQuery, rows, Order.STATIONS))
            .as("latest, %s", what)
            .isEqualTo(brief(oracle.latest(query.selection(), query.variables(), query.units())));
        found += keys.size();
      }
    }
    assertThat(found).isGreaterThan(1_000);
  }

  @Test
  void onlyWhatLiesWithinIsLookedAt() {
    var world = new World(4, 5, 60, 60 * World.MINUTE);
    ObservationBatch rows = shuffled(world, 4);
    long middle = rows.timeMicros()[0];
    var query = new RowsQuery(Query.of(Selection.ALL), COLUMNS);
    var before =
        query.answer(rows, new TimeRange(TimeRange.ALL.fromMicros(), middle), ORIGIN, Order.KEYS);
    var after =
        query.answer(rows, new TimeRange(middle, TimeRange.ALL.toMicros()), ORIGIN, Order.KEYS);
    assertThat(count(before) + count(after))
        .isEqualTo(count(query.answer(rows, TimeRange.ALL, ORIGIN, Order.KEYS)));
    assertThat(count(after)).isPositive();
  }

  private static int count(List<AnswerBatch> batches) {
    return batches.stream().mapToInt(batch -> batch.rows().rows()).sum();
  }

  /** All rows of a world in any order; null when there are none. */
  private static ObservationBatch shuffled(World world, long seed) {
    var engine = new QueryEngine(world, Set.of(), null, 0);
    var batches = new ArrayList<ObservationBatch>();
    try (Answer answer = engine.open(world.state(), Query.of(Selection.ALL))) {
      AnswerBatch batch;
      while ((batch = answer.next()) != null) {
        batches.add(batch.rows());
      }
    }
    if (batches.isEmpty()) {
      return null;
    }
    ObservationBatch all = Sorter.concat(batches);
    var random = new Random(seed);
    var order = new ArrayList<>(IntStream.range(0, all.rows()).boxed().toList());
    for (int i = 0; i < 5; i++) { // told twice
      order.add(random.nextInt(all.rows()));
    }
    Collections.shuffle(order, random);
    return Batches.gather(all, order.stream().mapToInt(i -> i).toArray(), order.size());
  }

  private static List<Row> rows(RowsQuery query, ObservationBatch rows, Order order) {
    var found = new ArrayList<Row>();
    for (AnswerBatch batch : query.answer(rows, TimeRange.ALL, ORIGIN, order)) {
      assertThat(batch.rows().columns().stream().map(c -> c.column()).toList())
          .isEqualTo(query.columns());
      found.addAll(brief(OracleRow.of(batch)));
    }
    return found;
  }

  private static List<Row> brief(List<OracleRow> rows) {
    return rows.stream().map(row -> new Row(row.key(), row.cells())).toList();
  }
}
