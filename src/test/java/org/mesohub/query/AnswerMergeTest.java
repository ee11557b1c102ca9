package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.VersionBatch;

/** Random answers of several clusters, against maps. */
class AnswerMergeTest {
  private static final long HOUR = 3_600_000_000L;
  private static final List<Column> COLUMNS = VariableDictionary.mesowest().subList(3, 7);
  private static final Set<String> OWNED = Set.of("n1\tc2");

  /** A cluster's rows, in its order, with the columns that it has. */
  private record Told(List<Column> columns, List<OracleRow> rows, boolean stamped) {}

  private static Told told(Random random, int source, Order order, int rowsMax, boolean stamped) {
    List<Column> columns = COLUMNS.stream().filter(c -> random.nextInt(4) > 0).toList();
    Map<Object, OracleRow> rows = new TreeMap<>();
    int count = random.nextInt(rowsMax + 1);
    for (int i = 0; i < count; i++) {
      var station = new StationKey("n" + random.nextInt(3), "s" + random.nextInt(4));
      var key = new RowKey(station, random.nextInt(96) * HOUR);
      Map<Column, Object> cells = new TreeMap<>();
      for (Column column : columns) {
        if (random.nextInt(5) > 0) {
          cells.put(column, new Decimal(random.nextInt(100), (byte) 1));
        }
      }
      Origin origin =
          stamped
              ? new Origin(
                  random.nextInt(9),
                  "c" + (random.nextBoolean() ? source : random.nextInt(4)),
                  1,
                  random.nextInt(5),
                  "",
                  "")
              : null;
      rows.put(order == Order.KEYS ? key : station, new OracleRow(key, cells, 0, origin));
    }
    return new Told(columns, List.copyOf(rows.values()), stamped);
  }

  private static AnswerBatch batch(Told told, List<OracleRow> rows) {
    var none = new Origin(0, "", 0, 0, "", "");
    VersionBatch versions =
        Version.batch(
            rows.stream()
                .map(r -> new Version(r.key(), r.cells(), r.origin() == null ? none : r.origin()))
                .toList());
    var batch =
        new AnswerBatch(
            versions.rows(),
            null,
            told.stamped ? versions.origins() : List.of(),
            told.stamped ? versions.origin() : null);
    return align(batch, told.columns);
  }

  /** All columns of the header, absent where no row has one. */
  private static AnswerBatch align(AnswerBatch batch, List<Column> columns) {
    var vectors = new ArrayList<org.mesohub.observation.ColumnVector>();
    for (Column column : columns) {
      int at = batch.rows().indexOf(column).orElse(-1);
      vectors.add(
          at < 0 ? Vectors.absent(column, batch.rows().rows()) : batch.rows().columns().get(at));
    }
    return new AnswerBatch(
        new org.mesohub.observation.ObservationBatch(
            batch.rows().rows(),
            batch.rows().stations(),
            batch.rows().station(),
            batch.rows().timeMicros(),
            vectors),
        null,
        batch.origins(),
        batch.origin());
  }

  private static List<OracleRow> merged(Random random, Order order, List<Told> told) {
    var merge = new AnswerMerge(order, told.stream().map(Told::columns).toList(), List.of(), OWNED);
    int[] at = new int[told.size()];
    var rows = new ArrayList<OracleRow>();
    while (true) {
      for (int source : merge.wants()) {
        List<OracleRow> all = told.get(source).rows();
        int left = all.size() - at[source];
        if (left == 0) {
          merge.end(source);
        } else {
          int count = 1 + random.nextInt(Math.min(left, 1 + random.nextInt(60)));
          merge.give(source, batch(told.get(source), all.subList(at[source], at[source] + count)));
          at[source] += count;
        }
      }
      AnswerBatch batch = merge.next();
      if (batch != null) {
        assertThat(batch.rows().columns().stream().map(c -> c.column()).toList())
            .isEqualTo(merge.columns());
        rows.addAll(OracleRow.of(batch));
      } else if (merge.wants().isEmpty()) {
        long taken = 0;
        for (int source = 0; source < told.size(); source++) {
          taken += merge.taken(source);
        }
        assertThat(taken).isEqualTo(rows.size());
        return rows;
      }
    }
  }

  private static List<OracleRow> expected(Order order, List<Told> told) {
    Map<Object, OracleRow> best = new TreeMap<>();
    Map<Object, Integer> from = new HashMap<>();
    for (int source = 0; source < told.size(); source++) {
      for (OracleRow row : told.get(source).rows()) {
        Object key = order == Order.KEYS ? row.key() : row.key().station();
        OracleRow known = best.get(key);
        if (known == null || isBetter(row, known, order)) {
          best.put(key, row);
          from.put(key, source);
        }
      }
    }
    return List.copyOf(best.values());
  }

  private static boolean isBetter(OracleRow row, OracleRow known, Order order) {
    int byTime = Long.compare(row.key().timeMicros(), known.key().timeMicros());
    if (order == Order.STATIONS && byTime != 0) {
      return byTime > 0;
    }
    if (row.origin() == null || known.origin() == null) {
      return row.origin() == null && known.origin() != null;
    }
    String network = row.key().station().network();
    return Comparator.<Origin, Boolean>comparing(o -> OWNED.contains(network + "\t" + o.cluster()))
            .thenComparing(Origin::originTimeMicros)
            .thenComparing(Origin::cluster)
            .thenComparing(Origin::commit)
            .compare(row.origin(), known.origin())
        > 0;
  }

  private static List<OracleRow> plain(List<OracleRow> rows) {
    return rows.stream().map(r -> new OracleRow(r.key(), r.cells(), r.flags(), null)).toList();
  }

  @Test
  void keys_come_once_in_order_and_the_best_row_of_each() {
    for (long seed = 0; seed < 600; seed++) {
      var random = new Random(seed);
      Order order = seed % 3 == 0 ? Order.STATIONS : Order.KEYS;
      List<Told> told = new ArrayList<>();
      int sources = 1 + random.nextInt(4);
      for (int source = 0; source < sources; source++) {
        told.add(told(random, source, order, seed % 2 == 0 ? 10 : 300, source > 0 || seed % 5 > 0));
      }
      List<OracleRow> rows = merged(random, order, told);
      List<OracleRow> expected = expected(order, told);
      assertThat(plain(rows)).as("seed %d", seed).isEqualTo(plain(expected));
      if (told.stream().allMatch(Told::stamped)) {
        assertThat(rows).as("seed %d, stamps", seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void a_run_of_one_source_is_found_however_long_it_is() {
    for (int length : List.of(1, 2, 3, 4, 5, 7, 8, 9, 100, 8_191, 8_192, 8_193, 20_000)) {
      var run = new ArrayList<OracleRow>();
      for (int i = 0; i < length; i++) {
        run.add(row("a", i));
      }
      var random = new Random(length);
      List<Told> told =
          List.of(
              new Told(List.of(COLUMNS.get(0)), run, false),
              new Told(List.of(COLUMNS.get(0)), List.of(row("a", length), row("b", 0)), false));
      var all = new ArrayList<>(run);
      all.add(row("a", length));
      all.add(row("b", 0));
      assertThat(merged(random, Order.KEYS, told)).isEqualTo(all);
    }
  }

  private static OracleRow row(String station, long time) {
    return new OracleRow(
        new RowKey(new StationKey("n", station), time),
        new TreeMap<>(Map.of(COLUMNS.get(0), new Decimal(time, (byte) 1))),
        0,
        null);
  }

  @Test
  void columns_are_in_the_order_of_one_answer() {
    List<Column> mesowest = VariableDictionary.mesowest();
    List<Column> one = List.of(mesowest.get(5), mesowest.get(3));
    List<Column> other = List.of(mesowest.get(4), mesowest.get(3));
    assertThat(new AnswerMerge(Order.KEYS, List.of(one, other), List.of(), Set.of()).columns())
        .containsExactly(mesowest.get(3), mesowest.get(4), mesowest.get(5));
    var names = new LinkedHashMap<String, Column>();
    for (int i : List.of(5, 3, 4)) {
      names.put(VariableDictionary.label(mesowest.get(i)), mesowest.get(i));
    }
    assertThat(
            new AnswerMerge(Order.KEYS, List.of(one, other), List.copyOf(names.keySet()), Set.of())
                .columns())
        .containsExactlyElementsOf(names.values());
    assertThat(new TreeSet<>(names.keySet())).hasSize(3);
  }
}
