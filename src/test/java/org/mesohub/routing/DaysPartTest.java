package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DaysPartTest {
  private static boolean has(List<DaysPart> parts, int day, String network) {
    return parts.stream()
        .anyMatch(
            part ->
                part.firstDay() <= day
                    && day <= part.lastDay()
                    && part.networks().contains(network));
  }

  @Test
  void parts_hold_all_pairs_and_no_others_while_they_are_few() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int span = 1 + random.nextInt(seed % 2 == 0 ? 40 : 400);
      var byDay = new TreeMap<Integer, SortedSet<String>>();
      for (int day = 0; day < span; day++) {
        var networks = new TreeSet<String>();
        for (int n = 0; n < 3; n++) {
          if (random.nextInt(3) == 0) {
            networks.add("n" + n);
          }
        }
        if (!networks.isEmpty()) {
          byDay.put(day, networks);
        }
      }
      List<DaysPart> parts = DaysPart.of(byDay);
      assertThat(parts).hasSizeLessThanOrEqualTo(DaysPart.PARTS_MAX);
      for (int i = 1; i < parts.size(); i++) {
        assertThat(parts.get(i).firstDay()).isGreaterThan(parts.get(i - 1).lastDay());
      }
      for (int day = 0; day < span; day++) {
        for (int n = 0; n < 3; n++) {
          boolean wanted = byDay.getOrDefault(day, new TreeSet<>()).contains("n" + n);
          boolean asked = has(parts, day, "n" + n);
          assertThat(asked || !wanted).as("seed %d", seed).isTrue();
          if (span <= 40) {
            assertThat(asked).as("seed %d, day %d", seed, day).isEqualTo(wanted);
          }
        }
      }
    }
  }

  @Test
  void days_with_the_same_networks_are_one_part() {
    var byDay = new TreeMap<Integer, SortedSet<String>>();
    for (int day = 10; day < 3_660; day++) {
      byDay.put(day, new TreeSet<>(List.of("a", "b")));
    }
    assertThat(DaysPart.of(byDay))
        .containsExactly(new DaysPart(10, 3_659, new TreeSet<>(List.of("a", "b"))));
  }
}
