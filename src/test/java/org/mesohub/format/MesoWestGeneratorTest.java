package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;

class MesoWestGeneratorTest {
  private static final Day DAY = new Day(17_606);

  @Test
  void the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    var plan = new MesoWestGenerator.Plan(9, 200, 10, DAY, 0);
    var other = new MesoWestGenerator.Plan(10, 200, 10, DAY, 0);

    byte[] first = new MesoWestGenerator(plan).nextHour().bytes();
    assertThat(new MesoWestGenerator(plan).nextHour().bytes()).isEqualTo(first);
    assertThat(new MesoWestGenerator(other).nextHour().bytes()).isNotEqualTo(first);
  }

  @Test
  void hours_follow_each_other_and_some_rows_come_late_but_none_twice() {
    var generator = new MesoWestGenerator(new MesoWestGenerator.Plan(2, 2_000, 50, DAY, 0));
    Set<String> keys = new HashSet<>();
    int late = 0;
    for (int hour = 0; hour < 5; hour++) {
      MesoWestGenerator.File file = generator.nextHour();
      long start = DAY.startMicros() + hour * 3_600_000_000L;
      var range = new TimeRange(start, start + 3_600_000_000L);
      assertThat(file.name()).isEqualTo("20180316_0%d00.mesowest.out".formatted(hour));
      for (ObservationBatch batch : Collected.of(file.bytes()).batches) {
        for (int row = 0; row < batch.rows(); row++) {
          late += range.contains(batch.timeMicros()[row]) ? 0 : 1;
          assertThat(keys.add(batch.stationAt(row) + " " + batch.timeMicros()[row])).isTrue();
        }
      }
    }
    assertThat(late).isBetween(1, keys.size() / 50);
  }

  @Test
  void files_of_some_rows_hold_the_records_of_the_hours_in_their_order() {
    var plan = new MesoWestGenerator.Plan(3, 300, 10, DAY, 0);
    var generator = new MesoWestGenerator(plan);
    var hours = new StringBuilder();
    int rows = 0;
    for (int hour = 0; hour < 3; hour++) {
      MesoWestGenerator.File file = generator.nextHour();
      hours.append(records(file));
      rows += file.rows();
    }
    for (long wanted : new long[] {Long.MAX_VALUE, rows - 5}) {
      var parts = new GeneratedParts(new MesoWestGenerator(plan), 400, 3, wanted);
      var all = new StringBuilder();
      MesoWestGenerator.File file = parts.next();
      for (int left = (int) Math.min(rows, wanted); left > 0; left -= file.rows()) {
        file = all.length() == 0 ? file : parts.next();
        assertThat(file.rows()).isEqualTo(Math.min(400, left));
        all.append(records(file));
      }
      assertThat(parts.next().rows()).isZero();
      assertThat(hours.toString()).startsWith(all.toString());
      assertThat(all.length() / 150).isEqualTo((int) Math.min(rows, wanted));
    }
  }

  private static String records(MesoWestGenerator.File file) {
    String text = new String(file.bytes(), StandardCharsets.US_ASCII);
    return text.substring(text.length() - file.rows() * 150);
  }

  @Test
  void a_default_hour_is_as_large_and_mixed_as_a_real_snapshot() {
    MesoWestGenerator.File file = new MesoWestGenerator(MesoWestGenerator.Plan.DEFAULT).nextHour();
    Collected all = Collected.of(file.bytes());
    List<StationKey> stations = all.batches.get(0).stations();

    assertThat(file.rows()).isBetween(45_000, 60_000);
    assertThat(stations).hasSizeBetween(19_000, 19_397);
    assertThat(stations.stream().map(StationKey::network).distinct()).hasSize(142);
    assertThat(stations).anyMatch(key -> key.station().matches("[0-9]{5}"));
    assertThat(stations.stream().map(key -> key.station().length()).distinct())
        .contains(2, 3, 4, 5);
    assertThat(all.rows()).anyMatch(row -> row.contains("WTHR=2002"));
  }
}
