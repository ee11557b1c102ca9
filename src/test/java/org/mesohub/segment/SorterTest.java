package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;

class SorterTest {
  private static final Origin ORIGIN = Origin.local("test", "");

  @Test
  void sortsLikeAStableSortOfObjects() {
    for (long seed = 0; seed < 3_000; seed++) {
      var random = new Random(seed);
      var versions = new RandomVersions(random).run(random.nextInt(60));
      if (random.nextInt(5) > 0) {
        Collections.shuffle(versions, random);
      }
      ObservationBatch rows = new RandomVersions(random).unsorted(versions);

      Sorter.Sorted sorted = Sorter.sort(rows, ORIGIN);

      List<Version> expected = new ArrayList<>();
      versions.forEach(v -> expected.add(new Version(v.key(), v.cells(), ORIGIN)));
      expected.sort(Comparator.comparing((Version v) -> v.key()));
      assertThat(Version.list(sorted.batch())).as("seed %d", seed).isEqualTo(expected);
      for (int row = 0; row < rows.rows(); row++) {
        assertThat(versions.get(sorted.inputRow()[row]).cells())
            .as("seed %d, row %d", seed, row)
            .isEqualTo(expected.get(row).cells());
      }
      assertAscending(sorted.batch().rows(), "seed " + seed);
    }
  }

  @Test
  void sortsKeysThatDoNotFitOneInteger() {
    for (long seed = 0; seed < 40; seed++) {
      var random = new Random(seed);
      int rows = 2 + random.nextInt(3_000);
      int stations = 1 + random.nextInt(1 << 20);
      var rank = new int[rows];
      var time = new long[rows];
      var expected = new ArrayList<Integer>();
      for (int i = 0; i < rows; i++) {
        rank[i] = random.nextInt(stations);
        time[i] =
            i > 0 && random.nextInt(4) == 0
                ? time[i - 1]
                : random.nextLong(TimeRange.TIME_MIN_MICROS, TimeRange.TIME_END_MICROS);
        expected.add(i);
      }
      expected.sort((a, b) -> KeySort.compare(rank[a], time[a], rank[b], time[b]));

      assertThat(KeySort.order(rank, time, rows))
          .as("seed %d", seed)
          .containsExactly(expected.stream().mapToInt(i -> i).toArray());
    }
  }

  @Test
  void sortsManyRowsOfFewDaysInEveryUnitOfTime() {
    for (long unit : new long[] {60_000_000, 1_000_000, 1_000, 1}) {
      var random = new Random(unit);
      int rows = 20_000;
      var rank = new int[rows];
      var time = new long[rows];
      var expected = new ArrayList<Integer>();
      for (int i = 0; i < rows; i++) {
        rank[i] = random.nextInt(700);
        time[i] = random.nextLong(-Day.MICROS / unit, 2 * Day.MICROS / unit) * unit;
        expected.add(i);
      }
      expected.sort((a, b) -> KeySort.compare(rank[a], time[a], rank[b], time[b]));

      assertThat(KeySort.order(rank, time, rows))
          .as("unit %d us", unit)
          .containsExactly(expected.stream().mapToInt(i -> i).toArray());
    }
  }

  @Test
  void comparesKeysAsRowKeysDo() {
    var random = new Random(1);
    var stations = List.of(new StationKey("1", "A"), new StationKey("1", "B"));
    for (int i = 0; i < 10_000; i++) {
      int a = random.nextInt(2);
      int b = random.nextInt(2);
      long timeA = random.nextLong(-2, 3) * Day.MICROS / 2;
      long timeB = random.nextLong(-2, 3) * Day.MICROS / 2;
      assertThat(Integer.signum(KeySort.compare(a, timeA, b, timeB)))
          .isEqualTo(
              Integer.signum(
                  new RowKey(stations.get(a), timeA)
                      .compareTo(new RowKey(stations.get(b), timeB))));
    }
  }

  @Test
  void doesNotCopyRowsThatAreInOrder() {
    var versions = new RandomVersions(new Random(7)).run(30);
    ObservationBatch rows = Version.batch(versions).rows();

    ObservationBatch sorted = Sorter.sort(rows, ORIGIN).batch().rows();

    assertThat(sorted.timeMicros()).isSameAs(rows.timeMicros());
    assertThat(sorted.columns()).isEqualTo(rows.columns());
  }

  @Test
  void concatenatesInTheOrderGivenOverTheUnionOfStationsAndColumns() {
    for (long seed = 0; seed < 1_000; seed++) {
      var random = new Random(seed);
      var source = new RandomVersions(random);
      var expected = new ArrayList<Version>();
      var batches = new ArrayList<ObservationBatch>();
      for (int i = 0, n = random.nextInt(6); i < n; i++) {
        List<Version> versions = source.run(random.nextInt(12));
        Collections.shuffle(versions, random);
        expected.addAll(versions);
        batches.add(source.unsorted(versions));
      }

      ObservationBatch all = Sorter.concat(batches);

      assertThat(all.rows()).as("seed %d", seed).isEqualTo(expected.size());
      for (int row = 0; row < all.rows(); row++) {
        assertThat(Version.key(all, row)).as("seed %d", seed).isEqualTo(expected.get(row).key());
        assertThat(Version.cells(all, row))
            .as("seed %d, row %d", seed, row)
            .isEqualTo(expected.get(row).cells());
      }
      assertAscending(all, "seed " + seed);
    }
  }

  static void assertAscending(ObservationBatch rows, String description) {
    assertThat(StationUnion.isAscending(rows.stations())).as(description).isTrue();
    List<Column> columns = rows.columns().stream().map(c -> c.column()).toList();
    assertThat(columns).as(description).isSorted().doesNotHaveDuplicates();
  }
}
