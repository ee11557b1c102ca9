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
              || !visits.get(call.to()).isFirst(call.ticket().requestId(), 0, 1_000))) {
        continue;
      }
      served.add(call.to());
      List<String> others =
          peers.get(call.to()).stream().filter(p -> !call.ticket().hasVisited(p)).toList();
      int count = Math.min(others.size(), call.ticket().fanOutMax());
      if (count > 0) {
        Ticket passed = call.ticket().passedOn(call.to(), count);
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
    Ticket passed = ticket.passedOn("a", 10);
    assertThat(10 + 10 * passed.callsLeft()).isLessThanOrEqualTo(Ticket.CALLS_MAX);
    assertThat(passed.path()).containsExactly("a");
    assertThat(passed.passedOn("b", 3).path()).containsExactly("a", "b");
  }

  @Test
  void forged_tickets_are_refused() {
    RequestId id = new RequestId(5, 6);
    assertThatThrownBy(() -> new Ticket(id, "a", List.of(), 1, 1)).hasMessageContaining("path");
    assertThatThrownBy(() -> new Ticket(id, "a", List.of("b"), 1, 1)).hasMessageContaining("path");
    assertThatThrownBy(() -> new Ticket(id, "a", List.of("a"), -1, 1)).hasMessageContaining("hops");
    assertThatThrownBy(() -> new Ticket(id, "a", List.of("a"), 1, Integer.MAX_VALUE))
        .hasMessageContaining("calls");
    List<String> far = IntStream.range(0, 17).mapToObj(i -> i == 0 ? "a" : "c" + i).toList();
    assertThatThrownBy(() -> new Ticket(id, "a", far, 1, 1)).hasMessageContaining("path");
  }

  @Test
  void a_query_may_come_again_when_it_is_over() {
    var visits = new Visits();
    RequestId id = new RequestId(5, 6);
    assertThat(visits.isFirst(id, 0, 100)).isTrue();
    assertThat(visits.isFirst(id, 99, 200)).isFalse();
    assertThat(visits.isFirst(id, 100, 200)).isTrue();
    for (int i = 0; i < 150_000; i++) {
      visits.isFirst(new RequestId(3, i), 150, 1_000);
    }
    assertThat(visits.size()).isLessThanOrEqualTo(Visits.REMEMBERED_MAX);
    assertThat(visits.isFirst(new RequestId(3, 149_999), 150, 1_000)).isFalse();
  }
}
