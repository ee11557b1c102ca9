package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.StationKey;

class MergeTest {
  @Test
  void mergesLikeAStableSortOfAllVersions() {
    for (long seed = 0; seed < 2_500; seed++) {
      var random = new Random(seed);
      var source = new RandomVersions(random);
      var expected = new ArrayList<Version>();
      var inputs = new ArrayList<VersionCursor>();
      int inputCount = random.nextInt(random.nextInt(20) == 0 ? 65 : 6);
      for (int i = 0; i < inputCount; i++) {
        List<Version> run = source.run(random.nextInt(40));
        expected.addAll(run);
        inputs.add(source.cursor(run));
      }
      expected.sort(Version.ORDER);

      List<VersionBatch> batches = drain(new Merge(inputs));

      assertThat(versions(batches)).as("seed %d", seed).isEqualTo(expected);
      assertPromises(batches, "seed " + seed);
    }
  }

  @Test
  void mergesLongRunsOfManyStationsWhoseDictionariesChange() {
    for (long seed = 0; seed < 12; seed++) {
      var random = new Random(seed);
      var expected = new ArrayList<Version>();
      var inputs = new ArrayList<VersionCursor>();
      int inputCount = 1 + random.nextInt(5);
      for (int i = 0; i < inputCount; i++) {
        List<Version> run = longRun(random, i + 1, 2_000 + random.nextInt(14_000));
        expected.addAll(run);
        inputs.add(cursorOfBlocks(run, random));
      }
      expected.sort(Version.ORDER);

      List<VersionBatch> batches = drain(new Merge(inputs));

      assertThat(versions(batches)).as("seed %d", seed).isEqualTo(expected);
      assertPromises(batches, "seed " + seed);
      for (VersionBatch batch : batches) {
        assertThat(batch.rows().rows()).as("seed %d", seed).isLessThanOrEqualTo(8_192);
      }
      for (VersionBatch batch : batches.subList(0, batches.size() - 1)) {
        assertThat(batch.rows().rows()).as("seed %d", seed).isGreaterThanOrEqualTo(2_000);
      }
    }
  }

  private static List<Version> longRun(Random random, long commit, int rows) {
    var origin = new Origin(commit, "", commit, commit, "feed", "");
    int firstStation = random.nextInt(3_000);
    int firstDay = random.nextInt(3);
    var versions = new ArrayList<Version>();
    for (int i = 0; i < rows; i++) {
      var key =
          new RowKey(
              new StationKey("1", "S" + (firstStation + random.nextInt(1_000))),
              (firstDay * 1_440L + random.nextInt(2_880)) * 60_000_000);
      versions.add(new Version(key, new TreeMap<>(), origin));
    }
    versions.sort(Version.ORDER);
    return versions;
  }

  private static VersionCursor cursorOfBlocks(List<Version> run, Random random) {
    var batches = new ArrayList<VersionBatch>();
    for (int from = 0, to; from < run.size(); from = to) {
      to = Math.min(run.size(), from + 1 + random.nextInt(8_192));
      batches.add(Version.batch(run.subList(from, to)));
    }
    return new RandomVersions.ListCursor(batches.iterator());
  }

  @Test
  void keepsAKeyOfMoreVersionsThanABatchHoldsTogether() {
    var random = new Random(3);
    var versions = new ArrayList<Version>();
    var key = new RowKey(new StationKey("1", "A"), 60_000_000);
    for (int i = 0; i < 20_000; i++) {
      versions.add(new Version(key, new TreeMap<>(), Origin.local("s" + i % 5, "")));
    }
    var before = new Version(new RowKey(key.station(), 0), new TreeMap<>(), Origin.local("", ""));
    var after = new Version(new RowKey(key.station(), 90_000_000), before.cells(), before.origin());
    var all = new ArrayList<Version>();
    all.add(before);
    all.addAll(versions);
    all.add(after);

    List<VersionBatch> batches = drain(new Merge(List.of(cursorOfBlocks(all, random))));

    assertThat(versions(batches)).isEqualTo(all);
    assertPromises(batches, "huge key");
  }

  @Test
  void handsOnBatchesUntouchedWhereNothingOverlaps() {
    List<Version> versions = longRun(new Random(5), 1, 12_000);
    versions = new ArrayList<>(new TreeMap<>(byKey(versions)).values());
    VersionBatch first = Version.batch(versions.subList(0, 3_000));
    VersionBatch second = Version.batch(versions.subList(3_000, 6_000));
    VersionBatch third = Version.batch(versions.subList(6_000, 9_000));

    List<VersionBatch> batches =
        drain(
            new Merge(
                List.of(
                    new RandomVersions.ListCursor(List.of(third).iterator()),
                    new RandomVersions.ListCursor(List.of(first, second).iterator()))));

    assertThat(batches).containsExactly(first, second, third);
    assertThat(batches.get(1).rows().timeMicros()).isSameAs(second.rows().timeMicros());
  }

  private static TreeMap<RowKey, Version> byKey(List<Version> versions) {
    var map = new TreeMap<RowKey, Version>();
    versions.forEach(v -> map.put(v.key(), v));
    return map;
  }

  @Test
  void isEmptyWithoutInputs() {
    assertThat(new Merge(List.of()).next()).isNull();
  }

  @Test
  void refusesMoreInputsThanTheFanIn() {
    VersionCursor empty = () -> null;
    assertThat(new Merge(Collections.nCopies(ChunkLimits.FAN_IN_MAX, empty)).next()).isNull();
    assertThatThrownBy(() -> new Merge(Collections.nCopies(ChunkLimits.FAN_IN_MAX + 1, empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65");
  }

  @Test
  void closesAllInputs() {
    var closed = new AtomicInteger();
    var cursor =
        new VersionCursor() {
          @Override
          public VersionBatch next() {
            return null;
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    new Merge(List.of(cursor, cursor, cursor)).close();
    assertThat(closed).hasValue(3);
  }

  @Test
  void forgetsStationsThatHaveGoneOutOfUse() {
    var stations = new MergeStations();
    for (int i = 0; i < 1_000; i++) {
      stations.add(List.of(new StationKey("1", "S" + i)), List::of);
    }
    assertThat(stations.keys().size()).isLessThanOrEqualTo(2);
  }

  static List<VersionBatch> drain(VersionCursor cursor) {
    var batches = new ArrayList<VersionBatch>();
    for (VersionBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
      batches.add(batch);
    }
    assertThat(cursor.next()).isNull();
    return batches;
  }

  static List<Version> versions(List<VersionBatch> batches) {
    var versions = new ArrayList<Version>();
    batches.forEach(batch -> versions.addAll(Version.list(batch)));
    return versions;
  }

  private static void assertPromises(List<VersionBatch> batches, String description) {
    RowKey last = null;
    for (VersionBatch batch : batches) {
      assertThat(batch.rows().rows()).as(description).isPositive();
      assertThat(Version.key(batch.rows(), 0)).as(description).isNotEqualTo(last);
      last = Version.key(batch.rows(), batch.rows().rows() - 1);
      SorterTest.assertAscending(batch.rows(), description);
      assertThat(new HashSet<>(batch.origins())).as(description).hasSameSizeAs(batch.origins());
    }
  }
}
