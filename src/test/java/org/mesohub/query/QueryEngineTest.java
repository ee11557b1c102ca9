package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.FoldedBatch;
import org.mesohub.segment.RowKey;
import org.mesohub.segment.VersionBatch;

/** Random queries on random catalogues against an oracle that goes through a list row by row. */
class QueryEngineTest {
  private static final ExecutorService WORKERS = Executors.newFixedThreadPool(2);
  private static final Set<String> OWNED = Set.of("8\tthere", "1\t");

  @AfterAll
  static void stop() {
    WORKERS.shutdown();
  }

  @Test
  void smallCatalogues() {
    for (long seed = 0; seed < 50; seed++) {
      check(seed, new World(seed, 1 + (int) (seed % 17), 60, 60 * World.MINUTE), 40);
    }
  }

  /** Many blocks per chunk. */
  @Test
  void largeCatalogues() {
    for (long seed = 0; seed < 3; seed++) {
      check(seed, new World(1_000_000 + seed, 4, 20_000, World.MINUTE), 12);
    }
  }

  /** What one query decodes is there for the next. */
  @Test
  void decodedPartsKept() {
    for (long seed = 0; seed < 12; seed++) {
      var world = new World(2_000_000 + seed, 1 + (int) (seed % 17), 60, 60 * World.MINUTE);
      world.keepsDecoded = true;
      check(2_000_000 + seed, world, 20);
    }
    var large = new World(2_500_000, 3, 9_000, World.MINUTE);
    large.keepsDecoded = true;
    check(2_500_000, large, 6);
  }

  /** Hours that meet only in a few late rows, filtered before they are merged. */
  @Test
  void filesOfAnHour() {
    for (long seed = 3_000_000; seed < 3_000_006; seed++) {
      World world = World.hourly(seed, 4, 400);
      world.keepsDecoded = seed % 2 == 0;
      check(seed, world, 10);
    }
  }

  @Test
  void versionsOfAKeyInSeveralBlocks() {
    for (long seed = 0; seed < 3; seed++) {
      check(seed, World.deep(seed, 4_000, 3), 12);
    }
  }

  @Test
  @Tag("slow")
  void manyCatalogues() {
    for (long seed = 10_000; seed < 13_000; seed++) {
      check(seed, new World(seed, 1 + (int) (seed % 23), 60, 60 * World.MINUTE), 12);
    }
  }

  private void check(long seed, World world, int queries) {
    Set<String> owned = seed % 3 == 0 ? OWNED : Set.of();
    boolean parallel = seed % 2 == 0;
    var engine = new QueryEngine(world, owned, parallel ? WORKERS : null, parallel ? 3 : 0);
    var oracle = new Oracle(world, owned);
    var random = new RandomQueries(world);
    for (int i = 0; i < queries; i++) {
      Query query = random.query();
      String what = "seed " + seed + ", query " + i + ": " + query;
      try {
        checkRows(engine.open(world.state(), query), query, oracle, what);
        assertThat(engine.count(world.state(), query.selection(), query.asOfCommit()))
            .as("count, %s", what)
            .isEqualTo(oracle.rows(query.selection(), asOf(query)).size());
        assertThat(
                rows(
                    engine.latest(
                        world.state(), query.selection(), query.variables(), query.units())))
            .as("latest, %s", what)
            .isEqualTo(oracle.latest(query.selection(), query.variables(), query.units()));
        var now =
            new Query(query.selection(), query.variables(), query.units(), 0, false, 0).stamp();
        assertThat(rows(engine.latest(world.state(), now)))
            .as("latest, stamped, %s", what)
            .isEqualTo(
                oracle.stamped(
                    oracle.latest(query.selection(), query.variables(), query.units()),
                    Long.MAX_VALUE));
      } catch (RuntimeException e) {
        throw new AssertionError(what, e);
      }
    }
    checkStored(engine, world, oracle, "seed " + seed);
    checkVersions(engine, world, "seed " + seed);
  }

  private static long asOf(Query query) {
    return query.asOfCommit() == 0 ? Long.MAX_VALUE : query.asOfCommit();
  }

  private static void checkRows(Answer answer, Query query, Oracle oracle, String what) {
    List<Column> columns = answer.header().columns();
    List<OracleRow> rows = rows(answer);
    assertThat(rows).as(what).isEqualTo(oracle.query(query));
    assertThat(columns).as("header, %s", what).doesNotHaveDuplicates();
    var seen = new HashSet<Column>();
    rows.forEach(r -> seen.addAll(r.cells().keySet()));
    assertThat(columns).as("header, %s", what).containsAll(seen);
    if (query.units().equals("source")) {
      assertThat(columns).as("order of columns, %s", what).isEqualTo(ordered(columns, query));
    }
  }

  private static List<Column> ordered(List<Column> columns, Query query) {
    List<Column> plan = Oracle.inPlanOrder(columns);
    if (query.variables().isEmpty()) {
      return plan;
    }
    var ordered = new LinkedHashSet<Column>();
    for (String name : query.variables()) {
      String id = VariableDictionary.named(name).orElseThrow().variable().id();
      plan.stream().filter(c -> c.variable().equals(id)).forEach(ordered::add);
    }
    return List.copyOf(ordered);
  }

  private static List<OracleRow> rows(Answer answer) {
    var rows = new ArrayList<OracleRow>();
    AnswerBatch batch;
    while ((batch = answer.next()) != null) {
      assertThat(batch.rows().rows()).isBetween(1, 8_192);
      assertThat(batch.rows().columns().stream().map(c -> c.column()).toList())
          .isEqualTo(answer.header().columns());
      assertThat(batch.rows().stations()).isSorted().doesNotHaveDuplicates();
      rows.addAll(OracleRow.of(batch));
    }
    assertThat(answer.next()).isNull();
    answer.close();
    return rows;
  }

  private static void checkStored(QueryEngine engine, World world, Oracle oracle, String what) {
    var wanted = new TreeMap<RowKey, Version>();
    for (Version v : oracle.versions()) {
      if (world.random.nextInt(5) == 0) {
        wanted.put(v.key(), new Version(v.key(), Map.of(), v.origin()));
      }
    }
    for (int i = 0; i < 5; i++) {
      var key = new RowKey(world.pick(World.STATIONS), world.time());
      wanted.put(key, new Version(key, Map.of(), oracleOrigin()));
    }
    List<Column> columns = World.COLUMNS.stream().filter(c -> world.random.nextBoolean()).toList();
    List<OracleRow> expected =
        oracle.rows(Selection.ALL, Long.MAX_VALUE).stream()
            .filter(r -> wanted.containsKey(r.key()))
            .map(r -> only(r, columns))
            .toList();
    var rows = new ArrayList<OracleRow>();
    var keys = new KeyFilter(Version.batch(List.copyOf(wanted.values())).rows());
    try (var cursor = engine.stored(world.state(), keys, columns)) {
      FoldedBatch batch;
      while ((batch = cursor.next()) != null) {
        rows.addAll(OracleRow.of(new AnswerBatch(batch.rows(), batch.flags(), List.of(), null)));
      }
    }
    rows.sort(Comparator.comparing(OracleRow::key)); // batches come in no order
    assertThat(rows).as("stored, %s", what).isEqualTo(expected);
    checkParts(engine, world, keys, columns, expected, what);
  }

  /** Parts have every key, and those that come once are whole. */
  private static void checkParts(
      QueryEngine engine,
      World world,
      KeyFilter keys,
      List<Column> columns,
      List<OracleRow> expected,
      String what) {
    var parts = new TreeMap<RowKey, List<OracleRow>>();
    try (var cursor = engine.storedParts(world.state(), keys, columns)) {
      FoldedBatch batch;
      while ((batch = cursor.next()) != null) {
        OracleRow.of(new AnswerBatch(batch.rows(), batch.flags(), List.of(), null))
            .forEach(row -> parts.computeIfAbsent(row.key(), k -> new ArrayList<>()).add(row));
      }
    }
    assertThat(List.copyOf(parts.keySet()))
        .as("parts, %s", what)
        .isEqualTo(expected.stream().map(OracleRow::key).toList());
    for (OracleRow row : expected) {
      List<OracleRow> found = parts.getOrDefault(row.key(), List.of());
      if (found.size() == 1) {
        assertThat(found.get(0)).as("parts, %s", what).isEqualTo(row);
      }
    }
  }

  private static org.mesohub.segment.Origin oracleOrigin() {
    return org.mesohub.segment.Origin.local("", "");
  }

  private static OracleRow only(OracleRow row, List<Column> columns) {
    var cells = new TreeMap<>(row.cells());
    cells.keySet().retainAll(columns);
    return new OracleRow(row.key(), cells, row.flags(), null);
  }

  private static void checkVersions(QueryEngine engine, World world, String what) {
    if (world.days.isEmpty()) {
      return;
    }
    Day day = world.pick(List.copyOf(world.days.keySet()));
    TimeRange range =
        new TimeRange(
            day.startMicros(), new Day(day.epochDay() + world.random.nextInt(2)).endMicros());
    List<RunRef> runs = world.days.get(day);
    var expected = new ArrayList<Version>();
    for (RunRef ref : runs) {
      for (Version v : world.rows.get(ref)) {
        if (range.contains(v.key().timeMicros())) {
          expected.add(Oracle.resolved(v, ref));
        }
      }
    }
    expected.sort(Comparator.comparing(Version::key).thenComparingLong(v -> v.origin().commit()));
    var found = new ArrayList<Version>();
    RowKey lastOfBatch = null;
    try (var cursor = engine.versions(runs, range)) {
      VersionBatch batch;
      while ((batch = cursor.next()) != null) {
        assertThat(OracleRow.key(batch.rows(), 0)).as(what).isNotEqualTo(lastOfBatch);
        for (int row = 0; row < batch.rows().rows(); row++) {
          lastOfBatch = OracleRow.key(batch.rows(), row);
          found.add(
              new Version(
                  lastOfBatch,
                  OracleRow.cells(batch.rows(), row),
                  batch.origins().get(batch.origin()[row])));
        }
      }
    }
    assertThat(found).as("versions, %s", what).isEqualTo(expected);
  }
}
