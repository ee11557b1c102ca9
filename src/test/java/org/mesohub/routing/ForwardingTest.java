package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private static final long NOW = 100_000_000_000L;

  private static final class Cluster {
    final TreeMap<Integer, SortedSet<String>> held = new TreeMap<>();
    final FilterKeeper keeper = new FilterKeeper(1);
    PeerView view = new PeerView("", null, 0, 0);

    void add(int day, String network) {
      held.computeIfAbsent(day, d -> new TreeSet<>()).add(network);
      keeper.set(day, new TreeSet<>(held.get(day)));
    }

    /** With its filter or without. */
    Held told(Random random) {
      return new Held(random.nextBoolean() ? keeper.digest("here", 1, 0).filter() : null, held);
    }

    boolean holds(int day, String network) {
      return held.getOrDefault(day, new TreeSet<>()).contains(network);
    }
  }

  private static Cluster cluster(Random random, int rows) {
    var cluster = new Cluster();
    for (int i = 0; i < rows; i++) {
      cluster.add(random.nextInt(20), "n" + random.nextInt(6));
    }
    return cluster;
  }

  private static @Nullable Share share(Forwarding plan, String peer) {
    return plan.shares().stream().filter(s -> s.peer().equals(peer)).findFirst().orElse(null);
  }

  /** Whether a peer that gets its share of a query would tell rows of a network's day. */
  private static boolean asks(
      Forwarding plan, Wanted wanted, String peer, int day, String network) {
    Share share = share(plan, peer);
    if (share == null || share.notOf().getOrDefault(day, new TreeSet<>()).contains(network)) {
      return false;
    }
    return share.networksByDay() == null
        ? day >= wanted.firstDay()
            && day <= wanted.lastDay()
            && (wanted.networks() == null || wanted.networks().contains(network))
        : share.networksByDay().getOrDefault(day, new TreeSet<>()).contains(network);
  }

  /**
   * Whatever a peer holds that is wanted and is not here is asked of it, however old or absent its
   * digest is; what is here is asked of nobody; and a current digest spares questions.
   */
  @Test
  void every_row_that_is_elsewhere_is_asked_for() {
    int spared = 0;
    int nobody = 0;
    for (long seed = 0; seed < 400; seed++) {
      var random = new Random(seed);
      Cluster here = cluster(random, random.nextInt(40));
      List<Cluster> others = new ArrayList<>();
      List<PeerView> views = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Cluster other = cluster(random, random.nextInt(60));
        boolean current = random.nextBoolean();
        Digest digest = other.keeper.digest("c" + i, 7, 0);
        if (!current) {
          other.add(random.nextInt(20), "n" + random.nextInt(8)); // since that digest
        }
        other.view =
            switch (current ? 0 : random.nextInt(3)) {
              case 0 -> new PeerView("c" + i, digest, current ? 7 : 8, NOW - 1_000_000_000L);
              case 1 -> new PeerView("c" + i, digest, 7, NOW - 2_000_000_001L);
              default -> new PeerView("c" + i, null, 8, NOW);
            };
        assertThat(other.view.isCurrent(NOW)).isEqualTo(current);
        others.add(other);
        views.add(other.view);
      }
      SortedSet<String> networks = random.nextBoolean() ? null : new TreeSet<>(List.of("n1", "n6"));
      int first = random.nextInt(20);
      int last = first + random.nextInt(20);
      Scope scope = Scope.values()[random.nextInt(3)];
      var query = new Wanted(scope, first, last, networks);
      Forwarding plan = Forwarding.plan(query, here.told(random), views, NOW);
      for (PeerView view : views) {
        if (!Forwarding.mayHold(query, List.of(view), NOW)) {
          nobody++;
          assertThat(share(plan, view.peer())).as("seed %d", seed).isNull();
        }
      }
      for (int i = 0; i < others.size(); i++) {
        for (int day = -1; day < 41; day++) {
          for (int n = 0; n < 9; n++) {
            String network = "n" + n;
            boolean asked = asks(plan, query, "c" + i, day, network);
            boolean wanted =
                day >= first && day <= last && (networks == null || networks.contains(network));
            boolean ours = scope == Scope.AUTO && here.holds(day, network);
            String what = "seed %d: c%d %s on %d".formatted(seed, i, network, day);
            if (scope == Scope.LOCAL || !wanted || ours) {
              assertThat(asked).as(what).isFalse();
            } else if (others.get(i).holds(day, network)) {
              assertThat(asked).as(what).isTrue();
            } else if (views.get(i).isCurrent(NOW)) {
              spared += asked ? 0 : 1;
            }
          }
        }
      }
      int silent = 0;
      for (int i = 0; i < others.size(); i++) {
        silent += share(plan, "c" + i) == null ? 1 : 0;
      }
      assertThat(plan.avoided()).isEqualTo(scope == Scope.LOCAL ? 0 : silent);
    }
    assertThat(spared).isGreaterThan(10_000);
    assertThat(nobody).isPositive();
  }

  @Test
  void a_saturated_filter_says_maybe_to_everything() {
    DayFilter full = DayFilter.of(16, 1, new byte[] {-1, 7});
    var digest = new Digest("c", 1, 7, 0, 0, -1, new TreeSet<>(), full);
    var query = new Wanted(Scope.AUTO, 3, 4, null);
    Forwarding plan =
        Forwarding.plan(
            query,
            new Held(null, new TreeMap<>()),
            List.of(new PeerView("c", digest, 7, NOW)),
            NOW);
    assertThat(asks(plan, query, "c", 3, "8")).isTrue();
    assertThat(plan.avoided()).isZero();
  }

  @Test
  void a_network_held_here_hides_no_other_network_of_its_day() {
    var here = new Cluster();
    here.add(5, "8");
    var there = new Cluster();
    there.add(5, "8");
    there.add(5, "9");
    var query = new Wanted(Scope.AUTO, 5, 5, null);
    Forwarding plan =
        Forwarding.plan(
            query,
            new Held(null, here.held),
            List.of(new PeerView("c", there.keeper.digest("c", 7, 0), 7, NOW)),
            NOW);
    assertThat(asks(plan, query, "c", 5, "9")).isTrue();
    assertThat(asks(plan, query, "c", 5, "8")).isFalse();
  }

  /** No walk through all days there are: the digest tells between which days its rows are. */
  @Test
  void a_query_without_bounds_asks_for_what_the_digest_may_hold() {
    var there = new Cluster();
    there.add(5, "8");
    there.add(40_000, "9");
    var query = new Wanted(Scope.AUTO, Integer.MIN_VALUE, Integer.MAX_VALUE, null);
    List<PeerView> peers = List.of(new PeerView("c", there.keeper.digest("c", 7, 0), 7, NOW));
    Share share = share(Forwarding.plan(query, new Held(null, new TreeMap<>()), peers, NOW), "c");
    assertThat(share).isNotNull();
    assertThat(share.networksByDay()).containsKeys(5, 40_000).hasSizeLessThan(1_200);

    there.add(5 + (int) (Forwarding.PAIRS_MAX / 2), "9");
    peers = List.of(new PeerView("c", there.keeper.digest("c", 8, 0), 8, NOW));
    share = share(Forwarding.plan(query, new Held(null, new TreeMap<>()), peers, NOW), "c");
    assertThat(share).isNotNull();
    assertThat(Forwarding.mayHold(query, peers, NOW)).isTrue();
    assertThat(share.networksByDay()).as("too many pairs to ask the filter of").isNull();
  }
}
