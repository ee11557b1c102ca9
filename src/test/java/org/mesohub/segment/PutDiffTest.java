package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

class PutDiffTest {
  private static final Column TEMPERATURE = Column.decimal("air_temperature", 0, "Cel");
  private static final Origin OLD = new Origin(1, "", 1, 1, "old", "");
  private static final Origin NEW = new Origin(2, "", 2, 2, "new", "");
  private static final Fold LATEST = new Fold(Long.MAX_VALUE, List.of(), java.util.Set.of());

  /**
   * Stored rows, incoming rows in key order with the put of each, and what ought to come of them.
   */
  private static final class Case {
    final Random random;
    final RandomVersions source;
    final ObservationBatch stored;
    final List<Version> incoming;
    final int puts;
    final int[] putOf;

    final TreeMap<RowKey, Map<Column, Object>> before;
    final TreeMap<RowKey, TreeMap<Column, Object>> after = new TreeMap<>();
    final TreeMap<RowKey, Map<Column, Object>> changed = new TreeMap<>();
    final List<PutDiff.Counts> counts = new ArrayList<>();

    Case(long seed) {
      random = new Random(seed);
      source = new RandomVersions(random);
      var old = new ArrayList<Version>();
      for (Version version : source.run(random.nextInt(25))) {
        old.add(new Version(version.key(), version.cells(), OLD));
      }
      stored = LATEST.fold(Version.batch(old)).rows();
      before = Version.map(stored);
      incoming = new ArrayList<>();
      for (Version version : source.run(random.nextInt(40))) {
        Map<Column, Object> known = before.get(version.key());
        boolean again = known != null && random.nextInt(3) == 0;
        incoming.add(
            new Version(version.key(), again ? new TreeMap<>(known) : version.cells(), NEW));
      }
      puts = 1 + random.nextInt(3);
      putOf = random.ints(incoming.size(), 0, puts).toArray();
      layOver();
    }

    private void layOver() {
      var tally = new long[puts][3];
      before.forEach((key, cells) -> after.put(key, new TreeMap<>(cells)));
      for (int row = 0; row < incoming.size(); row++) {
        Version version = incoming.get(row);
        boolean known = after.containsKey(version.key());
        Map<Column, Object> state = after.computeIfAbsent(version.key(), k -> new TreeMap<>());
        boolean differs = false;
        for (var cell : version.cells().entrySet()) {
          if (!Version.same(cell.getValue(), state.get(cell.getKey()))) {
            state.put(cell.getKey(), cell.getValue());
            differs = true;
          }
        }
        tally[putOf[row]][!known ? 0 : differs ? 2 : 1]++;
      }
      for (long[] put : tally) {
        counts.add(new PutDiff.Counts(put[0], put[1], put[2]));
      }
      after.forEach(
          (key, cells) -> {
            Map<Column, Object> old = before.getOrDefault(key, Map.of());
            var written = new TreeMap<Column, Object>();
            cells.forEach(
                (column, cell) -> {
                  if (!Version.same(cell, old.get(column))) {
                    written.put(column, cell);
                  }
                });
            if (!before.containsKey(key) || !written.isEmpty()) {
              changed.put(key, written);
            }
          });
    }

    PutDiff.Result diff() {
      return PutDiff.diff(Version.batch(incoming), putOf, puts, source.folded(stored));
    }
  }

  @Test
  void writesAndCountsWhatLayingRowsOverTheStoredOnesChanges() {
    for (long seed = 0; seed < 4_000; seed++) {
      var c = new Case(seed);

      PutDiff.Result result = c.diff();

      assertThat(result.counts()).as("seed %d", seed).isEqualTo(c.counts);
      VersionBatch changed = result.changed();
      assertThat(changed == null).as("seed %d", seed).isEqualTo(c.changed.isEmpty());
      if (changed == null) {
        assertThat(result.created()).as("seed %d", seed).isEmpty();
      } else {
        assertThat(Version.map(changed.rows())).as("seed %d", seed).isEqualTo(c.changed);
        assertThat(result.created()).as("seed %d", seed).hasSize(changed.rows().rows());
        for (int row = 0; row < changed.rows().rows(); row++) {
          assertThat(result.created()[row])
              .as("seed %d, row %d", seed, row)
              .isEqualTo(!c.before.containsKey(Version.key(changed.rows(), row)));
        }
        assertThat(Version.list(changed))
            .as("seed %d", seed)
            .extracting(version -> version.key())
            .containsExactlyElementsOf(c.changed.keySet());
        assertThat(Version.list(changed))
            .as("seed %d", seed)
            .allSatisfy(version -> assertThat(version.origin()).isEqualTo(NEW));
        SorterTest.assertAscending(changed.rows(), "seed " + seed);
      }
    }
  }

  @Test
  void changesFoldedOverTheStoredRowsGiveTheIncomingOnesAndASecondDiffChangesNothing() {
    for (long s = 0; s < 2_000; s++) {
      final long seed = s;
      var c = new Case(seed);
      var versions = new ArrayList<Version>();
      c.before.forEach((key, cells) -> versions.add(new Version(key, new TreeMap<>(cells), OLD)));
      VersionBatch changed = c.diff().changed();
      if (changed != null) {
        versions.addAll(Version.list(changed));
      }
      versions.sort(Version.ORDER);

      ObservationBatch folded = LATEST.fold(Version.batch(versions)).rows();

      // Compared by value: a cell that changed and changed back keeps its stored spelling.
      var rows = Version.map(folded);
      assertThat(rows.keySet()).as("seed %d", seed).isEqualTo(c.after.keySet());
      rows.forEach(
          (key, cells) -> {
            assertThat(cells.keySet()).as("seed %d", seed).isEqualTo(c.after.get(key).keySet());
            cells.forEach(
                (column, cell) ->
                    assertThat(Version.same(cell, c.after.get(key).get(column)))
                        .as("seed %d, %s of %s", seed, column, key)
                        .isTrue());
          });

      var last = new ArrayList<Version>();
      c.after.forEach((key, cells) -> last.add(new Version(key, cells, NEW)));
      PutDiff.Result again =
          PutDiff.diff(Version.batch(last), new int[last.size()], 1, c.source.folded(folded));
      assertThat(again.changed()).as("seed %d", seed).isNull();
      assertThat(again.counts())
          .as("seed %d", seed)
          .containsExactly(new PutDiff.Counts(0, last.size(), 0));
    }
  }

  @Test
  void aValueThatChangesAndChangesBackIsCountedButNotWritten() {
    PutDiff.Result result =
        PutDiff.diff(
            Version.batch(List.of(row(356, 1), row(40, 0), row(3560, 2))),
            new int[] {0, 1, 1},
            2,
            stored(row(356, 1)));

    assertThat(result.changed()).isNull();
    assertThat(result.counts())
        .containsExactly(new PutDiff.Counts(0, 1, 0), new PutDiff.Counts(0, 0, 2));
  }

  @Test
  void aRowWithoutCellsIsStoredOnlyIfItsKeyIsNew() {
    var empty = new Version(row(1, 0).key(), new TreeMap<>(), NEW);

    PutDiff.Result first = diffOne(empty, () -> null);
    assertThat(first.counts()).containsExactly(new PutDiff.Counts(1, 0, 0));
    assertThat(first.changed()).isNotNull();
    PutDiff.Result second = diffOne(empty, stored(row(1, 0)));
    assertThat(second.counts()).containsExactly(new PutDiff.Counts(0, 1, 0));
    assertThat(second.changed()).isNull();
  }

  @Test
  void aMissingMarkReplacesAValueAndAValueAMissingMark() {
    Version missing = row(1, 0);
    missing.cells().put(TEMPERATURE, Version.MISSING);

    assertThat(diffOne(missing, stored(row(1, 0))).counts().get(0).corrected()).isEqualTo(1);
    assertThat(diffOne(row(1, 0), stored(missing)).counts().get(0).corrected()).isEqualTo(1);
    assertThat(diffOne(missing, stored(missing)).counts().get(0).unchanged()).isEqualTo(1);
  }

  /** As when hourly files of a day are read one by one: each in key order, one after the other. */
  @Test
  void theOrderOfStoredBatchesDoesNotMatter() {
    for (long seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var rows = new ArrayList<Version>();
      var parts = new ArrayList<List<Version>>();
      int batches = 1 + random.nextInt(4);
      for (int i = 0; i < batches; i++) {
        parts.add(new ArrayList<>());
      }
      var keys = new TreeMap<RowKey, Version>();
      var source = new RandomVersions(random);
      for (Version version : source.run(20)) {
        keys.put(version.key(), new Version(version.key(), version.cells(), NEW));
      }
      for (Version version : keys.values()) {
        rows.add(version);
        if (random.nextInt(4) > 0) {
          parts.get(random.nextInt(batches)).add(version);
        }
      }
      java.util.Collections.shuffle(parts, random);
      var left = new java.util.ArrayDeque<FoldedBatch>();
      parts.forEach(part -> left.add(new FoldedBatch(Version.batch(part).rows(), null)));
      long stored = parts.stream().mapToLong(List::size).sum();

      PutDiff.Result result =
          PutDiff.diff(Version.batch(rows), new int[rows.size()], 1, left::poll);

      assertThat(result.counts())
          .as("seed %d", seed)
          .containsExactly(new PutDiff.Counts(rows.size() - stored, stored, 0));
    }
  }

  /** A key that lies in two places is read again, merged; what was compared of it is forgotten. */
  @Test
  void keysThatComeTwiceAreComparedAsMerged() {
    for (long seed = 0; seed < 2_000; seed++) {
      var c = new Case(seed);
      var random = new Random(seed);
      var left = new java.util.ArrayDeque<FoldedBatch>();
      for (Version version :
          Version.list(new VersionBatch(c.stored, List.of(OLD), new int[c.stored.rows()]))) {
        int places = random.nextInt(3) == 0 ? 2 : 1;
        for (int place = 0; place < places; place++) {
          TreeMap<Column, Object> cells = places == 1 ? version.cells() : c.source.cells();
          left.add(
              new FoldedBatch(
                  Version.batch(List.of(new Version(version.key(), cells, OLD))).rows(), null));
        }
      }

      PutDiff.Result result =
          PutDiff.diff(
              Version.batch(c.incoming),
              c.putOf,
              c.puts,
              left::poll,
              keys -> c.source.folded(only(c.stored, Version.map(keys).keySet())));

      PutDiff.Result whole = c.diff();
      assertThat(result.counts()).as("seed %d", seed).isEqualTo(whole.counts());
      VersionBatch changed = result.changed();
      VersionBatch expected = whole.changed();
      assertThat(changed == null ? List.of() : Version.list(changed))
          .as("seed %d", seed)
          .isEqualTo(expected == null ? List.of() : Version.list(expected));
    }
  }

  private static ObservationBatch only(ObservationBatch rows, java.util.Set<RowKey> keys) {
    int[] picks =
        java.util.stream.IntStream.range(0, rows.rows())
            .filter(row -> keys.contains(Version.key(rows, row)))
            .toArray();
    return Batches.gather(rows, picks, picks.length);
  }

  @Test
  void newRowsAreHandedOnWithoutACopy() {
    VersionBatch incoming = Version.batch(List.of(row(1, 0)));
    PutDiff.Result result = PutDiff.diff(incoming, new int[1], 1, () -> null);
    assertThat(result.changed()).isSameAs(incoming);
    assertThat(result.created()).containsExactly(true);
  }

  @Test
  void aZeroWithASignIsTheZeroThatIsStored() {
    int negative = CellState.NEGATIVE_ZERO;
    for (int scale : List.of(0, 2)) {
      PutDiff.Result same = diffOne(row(0, scale + negative), stored(row(0, 2)));
      assertThat(same.counts().get(0).unchanged()).isEqualTo(1);
      assertThat(same.changed()).isNull();
      assertThat(diffOne(row(0, 2), stored(row(0, scale + negative))).changed()).isNull();
      assertThat(diffOne(row(-1, 2), stored(row(0, scale + negative))).changed()).isNotNull();
    }
  }

  @Test
  void refusesRowsOutOfOrder() {
    Version late = new Version(new RowKey(row(1, 0).key().station(), 5), row(1, 0).cells(), NEW);
    assertThatThrownBy(
            () -> PutDiff.diff(Version.batch(List.of(late, row(1, 0))), new int[2], 1, () -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sort");
  }

  private static PutDiff.Result diffOne(Version version, FoldedCursor stored) {
    return PutDiff.diff(Version.batch(List.of(version)), new int[1], 1, stored);
  }

  private static FoldedCursor stored(Version version) {
    return new RandomVersions(new Random(0)).folded(Version.batch(List.of(version)).rows());
  }

  private static Version row(long unscaled, int state) {
    var cells = new TreeMap<Column, Object>();
    cells.put(TEMPERATURE, new Decimal(unscaled, state));
    return new Version(new RowKey(new StationKey("1", "A"), 0), cells, NEW);
  }
}
