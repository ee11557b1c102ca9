package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FilterKeeperTest {
  /** Against plain sets: everything held may be there, and nearly nothing else. */
  @Test
  void the_digest_follows_every_change() {
    for (long seed = 0; seed < 30; seed++) {
      var random = new Random(seed);
      var keeper = new FilterKeeper(1);
      var truth = new TreeMap<Integer, TreeSet<String>>();
      Digest before = keeper.digest("a", 0, 0);
      for (int step = 1; step <= 40; step++) {
        boolean gone = false;
        for (int change = random.nextInt(40); change >= 0; change--) {
          int day = random.nextInt(60);
          var networks = new TreeSet<String>();
          if (random.nextInt(5) > 0) {
            networks.addAll(truth.getOrDefault(day, new TreeSet<>()));
            networks.add("n" + random.nextInt(30));
          }
          if (random.nextInt(10) == 0) {
            networks.pollFirst();
          }
          gone |= !networks.containsAll(truth.getOrDefault(day, new TreeSet<>()));
          keeper.set(day, networks);
          if (networks.isEmpty()) {
            truth.remove(day);
          } else {
            truth.put(day, networks);
          }
        }
        Digest digest = keeper.digest("a", step, step * 10L);
        check(digest, truth, "seed " + seed + " step " + step);
        if (gone) {
          assertThat(digest.generation()).isGreaterThan(before.generation());
        } else {
          assertThat(digest.generation()).isGreaterThanOrEqualTo(before.generation());
        }
        before = digest;
      }
    }
  }

  private static void check(Digest digest, TreeMap<Integer, TreeSet<String>> truth, String what) {
    var networks = new TreeSet<String>();
    truth.values().forEach(networks::addAll);
    assertThat(digest.networks()).as(what).isEqualTo(networks);
    int wrong = 0;
    for (int day = -20; day < 80; day++) {
      for (int network = 0; network < 40; network++) {
        boolean there = truth.getOrDefault(day, new TreeSet<>()).contains("n" + network);
        if (there) {
          assertThat(digest.mayHold(day, "n" + network)).as(what).isTrue();
        } else {
          wrong += digest.filter().mayHold(day, "n" + network) ? 1 : 0;
        }
      }
      if (truth.containsKey(day)) {
        assertThat(digest.mayHold(day)).as(what).isTrue();
      }
    }
    assertThat(wrong).as(what).isLessThan(4_000 * 3 / 100);
  }

  @Test
  void a_digest_does_not_change_afterwards() {
    var keeper = new FilterKeeper(1);
    Digest empty = keeper.digest("a", 1, 1);
    keeper.set(3, new TreeSet<>(java.util.List.of("8")));
    assertThat(empty.mayHold(3, "8")).isFalse();
    assertThat(keeper.digest("a", 2, 2).mayHold(3, "8")).isTrue();
  }

  @Test
  void a_growing_cluster_gets_larger_filters_of_later_generations() {
    var keeper = new FilterKeeper(1);
    long generation = 0;
    for (int year = 0; year < 10; year++) {
      for (int day = 365 * year; day < 365 * (year + 1); day++) {
        var networks = new TreeSet<String>();
        for (int network = 0; network < 150; network++) {
          networks.add(Integer.toString(network));
        }
        keeper.set(day, networks);
      }
      Digest digest = keeper.digest("a", year, year);
      assertThat(digest.filter().fill()).as("year %d", year).isBetween(0.2, FilterKeeper.FULL);
      assertThat(digest.generation()).isGreaterThanOrEqualTo(generation);
      generation = digest.generation();
    }
    assertThat(keeper.keys()).isEqualTo(3_650 * 151);
  }
}
