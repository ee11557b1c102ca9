package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketTest {
  /** Peers by cluster; a query is flooded as clusters do, each passing it on to all its peers. */
  private static List<String> served(Map<String, List<String>> peers, String start, int hops) {
    record Call(String to, Ticket ticket) {}
    Map<String, Visits> visits = new HashMap<>();
    peers.keySet().forEach(name -> visits.put(name, new Visits()));
    var served = new ArrayList<String>();
    var calls = new ArrayDeque<Call>();
    int made = 0;
    calls.add(new Call(start, Ticket.issue(new RequestId(1, 2), start, hops)));
    while (!calls.isEmpty()) {
      Call call = calls.poll();
      boolean own = call.to().equals(start) && call.ticket().path().size() == 1 && served.isEmpty();
      if (!own
          && (call.ticket().hasVisited(call.to())
              || visits.get(call.to()).visit(call.ticket().requestId(), List.of(), 0, 1_000)
                  != Visits.Verdict.FIRST)) {
        continue;
      }
      served.add(call.to());
      List<String> others =
          peers.get(call.to()).stream().filter(p -> call.ticket().mayAsk(p)).toList();
      int count = Math.min(others.size(), call.ticket().fanOutMax());
      if (count > 0) {
        Ticket passed = call.ticket().passedOn(call.to(), others.subList(0, count));
        made += count;
        others.subList(0, count).forEach(p -> calls.add(new Call(p, passed)));
      }
    }
    assertThat(made).isLessThanOrEqualTo(Ticket.CALLS_MAX);
    return served;
  }

  @Test
  void every_cluster_within_reach_serves_a_query_once() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int clusters = 2 + random.nextInt(9);
      List<String> names = IntStream.range(0, clusters).mapToObj(i -> "c" + i).toList();
      Map<String, List<String>> peers = new HashMap<>();
      for (String name : names) {
        peers.put(
            name,
            names.stream()
                .filter(other -> !other.equals(name) && random.nextInt(3) == 0)
                .collect(Collectors.toCollection(ArrayList::new)));
      }
      List<String> served = served(peers, "c0", 16);
      assertThat(served).as("seed %d", seed).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(served))
          .as("seed %d: %s", seed, peers)
          .isEqualTo(reachable(peers, "c0"));
    }
  }

  private static Set<String> reachable(Map<String, List<String>> peers, String start) {
    var seen = new TreeSet<>(Set.of(start));
    var open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (String next : peers.get(open.poll())) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  @Test
  void hops_bound_how_far_a_query_goes() {
    Map<String, List<String>> line =
        Map.of(
            "a", List.of("b"), "b", List.of("a", "c"), "c", List.of("b", "d"), "d", List.of("c"));
    assertThat(served(line, "a", 1)).containsExactly("a", "b");
    assertThat(served(line, "a", 2)).containsExactly("a", "b", "c");
    assertThat(served(line, "a", 3)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void calls_are_shared_among_those_that_are_asked() {
    Ticket ticket = Ticket.issue(new RequestId(5, 6), "a", 4);
    List<String> ten = IntStream.range(0, 10).mapToObj(i -> "c" + i).toList();
    Ticket passed = ticket.passedOn("a", ten);
    assertThat(10 + 10 * passed.callsLeft()).isLessThanOrEqualTo(Ticket.CALLS_MAX);
    assertThat(passed.path()).containsExactly("a");
    assertThat(passed.mayAsk("c3")).isFalse();
    assertThat(passed.mayAsk("d")).isTrue();
    assertThat(passed.passedOn("b", List.of("d")).path()).containsExactly("a", "b");
    assertThat(ticket.within(2).hopsLeft()).isEqualTo(2);
    assertThat(ticket.within(9).hopsLeft()).isEqualTo(4);
  }

  @Test
  void forged_tickets_are_refused() {
    assertThatThrownBy(() -> ticket(List.of(), 1, 1)).hasMessageContaining("path");
    assertThatThrownBy(() -> ticket(List.of("b"), 1, 1)).hasMessageContaining("path");
    assertThatThrownBy(() -> ticket(List.of("a"), -1, 1)).hasMessageContaining("hops");
    assertThatThrownBy(() -> ticket(List.of("a"), 1, Integer.MAX_VALUE))
        .hasMessageContaining("calls");
    List<String> far = IntStream.range(0, 17).mapToObj(i -> i == 0 ? "a" : "c" + i).toList();
    assertThatThrownBy(() -> ticket(far, 1, 1)).hasMessageContaining("path");
  }

  private static Ticket ticket(List<String> path, int hops, int calls) {
    return new Ticket(new RequestId(5, 6), "a", path, Set.of(), hops, calls);
  }

  @Test
  void a_query_may_come_again_when_it_is_over() {
    var visits = new Visits();
    var id = new RequestId(5, 6);
    assertThat(visits.visit(id, List.of(), 0, 100)).isEqualTo(Visits.Verdict.FIRST);
    assertThat(visits.visit(id, List.of(), 99, 200)).isEqualTo(Visits.Verdict.REPEATED);
    assertThat(visits.visit(id, List.of(), 100, 200)).isEqualTo(Visits.Verdict.FIRST);
    for (int i = 0; i < 150_000; i++) {
      visits.visit(new RequestId(3, i), List.of(), 150, 1_000);
    }
    assertThat(visits.size()).isLessThanOrEqualTo(Visits.REMEMBERED_MAX);
    assertThat(visits.visit(new RequestId(3, 149_999), List.of(), 150, 1_000))
        .isEqualTo(Visits.Verdict.REPEATED);
  }

  @Test
  void a_query_that_asks_for_other_parts_on_another_way_is_answered() {
    var visits = new Visits();
    var id = new RequestId(7, 8);
    List<DaysPart> one = List.of(new DaysPart(1, 2, new TreeSet<>(Set.of("n"))));
    List<DaysPart> other = List.of(new DaysPart(1, 3, new TreeSet<>(Set.of("n"))));
    assertThat(visits.visit(id, one, 0, 100)).isEqualTo(Visits.Verdict.FIRST);
    assertThat(visits.visit(id, other, 0, 100)).isEqualTo(Visits.Verdict.OTHER_PARTS);
    assertThat(visits.visit(id, List.of(), 0, 100)).isEqualTo(Visits.Verdict.OTHER_PARTS);
    assertThat(visits.visit(id, one, 0, 100)).isEqualTo(Visits.Verdict.REPEATED);
    var many = new TreeSet<String>();
    for (int i = 0; i <= Visits.NETWORKS_MAX; i++) {
      many.add("n" + i);
    }
    List<DaysPart> large = List.of(new DaysPart(1, 2, many));
    var second = new RequestId(9, 9);
    assertThat(visits.visit(second, large, 0, 100)).isEqualTo(Visits.Verdict.FIRST);
    assertThat(visits.visit(second, large, 0, 100)).isEqualTo(Visits.Verdict.OTHER_PARTS);
  }
}
