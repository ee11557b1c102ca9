package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;

class FoldTest {
  private static final Column TEMPERATURE = Column.decimal("air_temperature", 0, "Cel");
  private static final RowKey KEY = new RowKey(new StationKey("1", "A"), 0);

  /** A reading of versions, its parts drawn at random. */
  private record Reading(long asOf, List<Tombstone> tombstones, Set<String> owned) {
    static Reading random(Random random, RandomVersions source) {
      long asOf = random.nextInt(3) == 0 ? random.nextInt(7) : Long.MAX_VALUE;
      var tombstones = new ArrayList<Tombstone>();
      for (int i = random.nextInt(4) - 1; i > 0; i--) {
        long a = source.key().timeMicros();
        long b = source.key().timeMicros() + random.nextInt(2);
        StationKey station = source.key().station();
        tombstones.add(
            new Tombstone(
                1 + random.nextInt(7),
                random.nextBoolean()
                    ? TimeRange.ALL
                    : new TimeRange(Math.min(a, b), Math.max(a, b)),
                random.nextBoolean() ? Set.of() : Set.of(station.network()),
                random.nextBoolean()
                    ? List.of()
                    : List.of(new StationSelector(random.nextBoolean() ? "" : "8", "S0"))));
      }
      var owned = new HashSet<String>();
      for (String network : RandomVersions.NETWORKS) {
        if (random.nextInt(4) == 0) {
          owned.add(network + "\t" + (random.nextBoolean() ? "utah" : ""));
        }
      }
      return new Reading(asOf, tombstones, owned);
    }

    Fold fold() {
      return new Fold(asOf, tombstones, owned);
    }

    boolean exists(Version version) {
      for (Tombstone t : tombstones) {
        long time = version.key().timeMicros();
        if (t.commit() <= asOf
            && version.origin().commit() < t.commit()
            && t.range().fromMicros() <= time
            && time < t.range().toMicros()
            && t.covers(version.key().station())) {
          return false;
        }
      }
      return version.origin().commit() <= asOf;
    }

    boolean isOwned(Version version) {
      return owned.contains(version.key().station().network() + "\t" + version.origin().cluster());
    }

    /** Surviving versions of each key, the winner last. */
    TreeMap<RowKey, List<Version>> ranked(List<Version> versions) {
      var byKey = new TreeMap<RowKey, List<Version>>();
      for (Version version : versions) {
        if (exists(version)) {
          byKey.computeIfAbsent(version.key(), k -> new ArrayList<>()).add(version);
        }
      }
      for (List<Version> ofKey : byKey.values()) {
        ofKey.sort(
            Comparator.comparing(this::isOwned)
                .thenComparing(v -> v.origin().originTimeMicros())
                .thenComparing(v -> v.origin().cluster())
                .thenComparing(v -> v.origin().commit()));
      }
      return byKey;
    }
  }

  @Test
  void foldsLikeLayingVersionsOverOneAnother() {
    int folded = 0;
    for (long seed = 0; seed < 6_000; seed++) {
      var random = new Random(seed);
      var source = new RandomVersions(random);
      List<Version> versions = source.run(random.nextInt(30));
      Reading reading = Reading.random(random, source);

      FoldedBatch actual = reading.fold().fold(Version.batch(versions));

      var expected = new TreeMap<RowKey, Map<Column, Object>>();
      var future = new HashMap<RowKey, Boolean>();
      reading
          .ranked(versions)
          .forEach(
              (key, ofKey) -> {
                var cells = new TreeMap<Column, Object>();
                ofKey.forEach(version -> cells.putAll(version.cells()));
                expected.put(key, cells);
                long committed = ofKey.get(ofKey.size() - 1).origin().originTimeMicros();
                future.put(key, key.timeMicros() > committed);
              });
      assertThat(Version.map(actual.rows())).as("seed %d", seed).isEqualTo(expected);
      assertThat(actual.rows().rows()).as("seed %d", seed).isEqualTo(expected.size());
      byte[] flags = actual.flags();
      assertThat(flags != null).as("seed %d", seed).isEqualTo(future.containsValue(true));
      for (int row = 0; flags != null && row < actual.rows().rows(); row++) {
        assertThat(flags[row])
            .as("seed %d, row %d", seed, row)
            .isEqualTo(future.get(Version.key(actual.rows(), row)) ? FoldedBatch.FUTURE : (byte) 0);
      }
      folded += versions.size() - expected.size();
    }
    assertThat(folded).as("versions folded away").isPositive();
  }

  @Test
  void filtersVersionsThatDoNotExist() {
    for (long seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      var source = new RandomVersions(random);
      List<Version> versions = source.run(random.nextInt(30));
      Reading reading = Reading.random(random, source);

      VersionBatch actual = reading.fold().filter(Version.batch(versions));

      assertThat(Version.list(actual))
          .as("seed %d", seed)
          .isEqualTo(versions.stream().filter(reading::exists).toList());
    }
  }

  @Test
  void foldOfAMergeOfPartsIsTheFoldOfTheWhole() {
    for (long seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      var source = new RandomVersions(random);
      List<Version> whole = source.run(random.nextInt(60));
      // Versions of equal rank keep their order only if they are in parts in that order.
      var parts = new ArrayList<List<Version>>();
      int partCount = 1 + random.nextInt(5);
      for (int i = 0; i < partCount; i++) {
        parts.add(new ArrayList<>());
      }
      for (Version version : whole) {
        parts.get((int) (version.origin().commit() % partCount)).add(version);
      }
      Fold fold = Reading.random(random, source).fold();

      var actual = new TreeMap<RowKey, Map<Column, Object>>();
      var merge = new Merge(parts.stream().map(source::cursor).toList());
      for (VersionBatch batch : MergeTest.drain(merge)) {
        actual.putAll(Version.map(fold.fold(batch).rows()));
      }

      assertThat(actual)
          .as("seed %d", seed)
          .isEqualTo(Version.map(fold.fold(Version.batch(whole)).rows()));
    }
  }

  @Test
  void sharesTheArraysOfABatchWithNothingToFold() {
    var versions = new ArrayList<Version>();
    for (int minute = 0; minute < 10; minute++) {
      versions.add(version(minute * 60_000_000L, 5, "", Long.MAX_VALUE, 1));
    }
    VersionBatch batch = Version.batch(versions);
    var elsewhere = new Tombstone(9, new TimeRange(-5, 0), Set.of(), List.of());

    FoldedBatch folded = new Fold(9, List.of(elsewhere), Set.of()).fold(batch);

    assertThat(folded.rows()).isSameAs(batch.rows());
    assertThat(folded.flags()).isNull();
  }

  @Test
  void anOwnersOlderVersionGoesBeforeANewerOneOfAnother() {
    VersionBatch batch =
        Version.batch(List.of(version(0, 1, "utah", 10, 1), version(0, 2, "", 20, 2)));

    assertThat(value(new Fold(Long.MAX_VALUE, List.of(), Set.of()).fold(batch)))
        .isEqualTo(new Decimal(2, 0));
    assertThat(value(new Fold(Long.MAX_VALUE, List.of(), Set.of("1\tutah")).fold(batch)))
        .isEqualTo(new Decimal(1, 0));
  }

  @Test
  void aTombstoneLeavesLaterVersionsAndEarlierReads() {
    VersionBatch batch = Version.batch(List.of(version(0, 1, "", 10, 1), version(0, 3, "", 20, 3)));
    var deletion = List.of(new Tombstone(3, TimeRange.ALL, Set.of(), List.of()));

    assertThat(new Fold(2, deletion, Set.of()).fold(batch).rows().rows()).isEqualTo(1);
    assertThat(new Fold(3, deletion, Set.of()).filter(batch).rows().rows()).isEqualTo(1);
    assertThat(value(new Fold(3, deletion, Set.of()).fold(batch))).isEqualTo(new Decimal(3, 0));
  }

  @Test
  void refusesAnOwnerWithoutATab() {
    assertThatThrownBy(() -> new Fold(1, List.of(), Set.of("1 utah")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 utah");
  }

  private static Version version(
      long timeMicros, long commit, String cluster, long originTimeMicros, long value) {
    var cells = new TreeMap<Column, Object>();
    cells.put(TEMPERATURE, new Decimal(value, 0));
    var origin = new Origin(commit, cluster, commit, originTimeMicros, "feed", "");
    return new Version(new RowKey(KEY.station(), timeMicros), cells, origin);
  }

  private static Object value(FoldedBatch folded) {
    return Version.cells(folded.rows(), 0).get(TEMPERATURE);
  }
}
