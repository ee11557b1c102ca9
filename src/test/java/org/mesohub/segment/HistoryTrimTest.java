package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;

class HistoryTrimTest {
  private static final int COMMITS = 7;
  private static final RowKey KEY = new RowKey(new StationKey("1", "A"), 0);
  private static final Column TEMPERATURE = Column.decimal("air_temperature", 0, "Cel");
  private static final Column WIND = Column.decimal("wind_speed", 600, "m/s");

  @Test
  void everyStateFromTheFloorOnIsAsBefore() {
    int dropped = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      var random = new Random(seed);
      var source = new RandomVersions(random);
      VersionBatch versions = Version.batch(source.run(random.nextInt(30)));
      Set<String> owned = new HashSet<>();
      if (random.nextBoolean()) {
        owned.add(RandomVersions.NETWORKS.get(random.nextInt(3)) + "\tutah");
      }
      long floor = random.nextInt(COMMITS);

      VersionBatch trimmed = new HistoryTrim(floor, owned).apply(versions);

      for (long asOf = Math.max(1, floor); asOf <= COMMITS; asOf++) {
        // A deletion above the floor takes all that was trimmed with it, or nothing.
        List<Tombstone> deletions =
            floor < COMMITS && random.nextBoolean()
                ? List.of(
                    new Tombstone(
                        floor + 1 + random.nextInt((int) (COMMITS - floor)),
                        TimeRange.ALL,
                        Set.of(),
                        List.of()))
                : List.of();
        var fold = new Fold(asOf, deletions, owned);
        FoldedBatch expected = fold.fold(versions);
        FoldedBatch actual = fold.fold(trimmed);
        assertThat(Version.map(actual.rows()))
            .as("seed %d, floor %d, as of %d", seed, floor, asOf)
            .isEqualTo(Version.map(expected.rows()));
        assertThat(actual.flags()).as("seed %d", seed).isEqualTo(expected.flags());
      }
      assertThat(Version.list(new HistoryTrim(floor, owned).apply(trimmed)))
          .as("seed %d: trimming again changes nothing", seed)
          .isEqualTo(Version.list(trimmed));
      dropped += versions.rows().rows() - trimmed.rows().rows();
    }
    assertThat(dropped).isPositive();
  }

  @Test
  void aCellThatIsSupersededIsGoneAndOneThatStillCountsStays() {
    VersionBatch versions =
        Version.batch(List.of(version(1, 10L, 20L), version(2, 11L, null), version(5, 12L, 22L)));

    List<Version> trimmed = Version.list(new HistoryTrim(3, Set.of()).apply(versions));

    assertThat(trimmed.stream().map(v -> v.origin().commit() + " " + v.cells().values()).toList())
        .containsExactly("1 [20]", "2 [11]", "5 [12, 22]");
  }

  @Test
  void withoutAFloorEverythingIsKept() {
    VersionBatch versions = Version.batch(List.of(version(1, 1L, 1L), version(2, 2L, 2L)));

    assertThat(new HistoryTrim(0, Set.of()).apply(versions)).isSameAs(versions);
  }

  private static Version version(long commit, Long temperature, Long wind) {
    var cells = new TreeMap<Column, Object>();
    var values = new ArrayList<Long>();
    values.add(temperature);
    values.add(wind);
    List<Column> columns = List.of(TEMPERATURE, WIND);
    for (int i = 0; i < columns.size(); i++) {
      if (values.get(i) != null) {
        cells.put(columns.get(i), new Decimal(values.get(i), 0));
      }
    }
    return new Version(KEY, cells, new Origin(commit, "", commit, commit, "feed", ""));
  }
}
