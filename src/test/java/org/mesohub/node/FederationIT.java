package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.config.HostPort;
import org.mesohub.config.NodeConfig;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.FederationServiceGrpcClient;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PeerOutcome;
import org.mesohub.proto.v1.PeerStatus;
import org.mesohub.proto.v1.PeersRequest;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.RelayedQuery;
import org.mesohub.proto.v1.Scope;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.Ticket;

/** Clusters that ask each other, each a node in this process. */
class FederationIT {
  private static final long DAY = 86_400_000_000L;
  private static final long MONDAY = 17_600 * DAY;

  @TempDir Path folder;
  private final Map<String, NodeFixture> clusters = new LinkedHashMap<>();

  @AfterEach
  void close() {
    clusters.values().forEach(NodeFixture::close);
  }

  private NodeConfig config(String name, int port, NodeConfig.Federation federation) {
    return NodeFixture.config(folder.resolve(name), name, port, federation);
  }

  /** Starts clusters that know those named of each, by arrows such as "a b c": a knows b and c. */
  private void start(boolean transit, Duration patience, String... lines) throws Exception {
    List<Integer> ports = NodeFixture.freePorts(lines.length);
    Map<String, Integer> portOf = new LinkedHashMap<>();
    for (int i = 0; i < lines.length; i++) {
      portOf.put(lines[i].split(" ")[0], ports.get(i));
    }
    for (String line : lines) {
      String[] names = line.split(" ");
      List<NodeConfig.Peer> peers =
          Stream.of(names)
              .skip(1)
              .map(
                  peer ->
                      new NodeConfig.Peer(
                          peer,
                          List.of(new HostPort("127.0.0.1", portOf.getOrDefault(peer, 1))),
                          null))
              .toList();
      clusters.put(
          names[0],
          new NodeFixture(
              config(
                  names[0],
                  portOf.get(names[0]),
                  new NodeConfig.Federation(peers, patience, 4, transit))));
    }
  }

  private NodeFixture at(String name) {
    return clusters.get(name);
  }

  static void put(NodeFixture node, String network, String station, long day, String value) {
    byte[] file =
        OracleWorld.file(
            List.of("TMPF"),
            List.of(new Row(new Key(network, station, MONDAY + day * DAY), Map.of("TMPF", value))));
    assertThat(node.put(file).getStored() + node.put(file).getUnchanged()).isEqualTo(2);
  }

  static QueryRequest query(Scope scope) {
    return QueryRequest.newBuilder()
        .setSelection(Selection.newBuilder().setFromUs(MONDAY).setToUs(MONDAY + 10 * DAY))
        .addVariables("TMPF")
        .setScope(scope)
        .build();
  }

  /** network/station day: value, in the order of arrival. */
  static List<String> rows(NodeFixture node, QueryRequest query) {
    return node.rows(query).stream().map(FederationIT::brief).toList();
  }

  private static String brief(String row) {
    long time = Long.parseLong(row.replaceAll(".*@(-?[0-9]+)\\{.*", "$1"));
    return row.replaceAll("@.*", "")
        + " "
        + (time - MONDAY) / DAY
        + ": "
        + row.replaceAll(".*TMPF=([^},]*).*", "$1");
  }

  /** What a peer has got is known here soon after, within two seconds. */
  static void awaitRows(NodeFixture node, QueryRequest query, List<String> rows) throws Exception {
    NodeFixture.eventually(
        "rows",
        () -> {
          assertThat(rows(node, query)).containsExactlyElementsOf(rows);
          return 0;
        });
  }

  static List<PeerOutcome> peers(NodeFixture node, QueryRequest query) {
    List<QueryResponse> answer =
        NodeFixture.await(node.call(ObservationServiceGrpcClient.Query, List.of(query)));
    return answer.get(answer.size() - 1).getEnd().getPeersList();
  }

  static String states(List<PeerOutcome> peers) {
    return peers.stream()
        .map(p -> p.getCluster() + " " + p.getState() + " " + p.getRows())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  static PeerStatus status(NodeFixture node, String peer) {
    return NodeFixture.await(
            node.call(
                FederationServiceGrpcClient.Peers, List.of(PeersRequest.getDefaultInstance())))
        .get(0)
        .getPeersList()
        .stream()
        .filter(p -> p.getCluster().equals(peer))
        .findFirst()
        .orElseThrow();
  }

  static void awaitCurrent(NodeFixture node, String... peers) throws Exception {
    for (String peer : peers) {
      NodeFixture.eventually(
          peer + " current",
          () -> {
            assertThat(status(node, peer).getCurrent()).isTrue();
            return 0;
          });
    }
  }

  @Test
  void a_query_at_any_cluster_gives_the_union() throws Exception {
    start(false, Duration.ofSeconds(30), "a b c", "b a c", "c a b");
    put(at("a"), "11", "s1", 0, "1.0");
    put(at("b"), "12", "s1", 0, "2.0"); // another network of the same day
    put(at("b"), "11", "s1", 1, "3.0");
    put(at("c"), "11", "s2", 2, "4.0");
    put(at("c"), "10", "s9", 0, "5.0");
    List<String> union =
        List.of("10/s9 0: 5.0", "11/s1 0: 1.0", "12/s1 0: 2.0", "11/s1 1: 3.0", "11/s2 2: 4.0");
    for (NodeFixture node : clusters.values()) {
      awaitRows(node, query(Scope.SCOPE_AUTO), union);
      assertThat(rows(node, query(Scope.SCOPE_ALL))).containsExactlyElementsOf(union);
      assertThat(node.count(query(Scope.SCOPE_AUTO).toBuilder())).isEqualTo(5);
    }
    assertThat(rows(at("a"), query(Scope.SCOPE_LOCAL))).containsExactly("11/s1 0: 1.0");
    assertThat(rows(at("b"), query(Scope.SCOPE_AUTO).toBuilder().setLimit(2).build()))
        .containsExactlyElementsOf(union.subList(0, 2));
  }

  @Test
  void the_latest_row_of_a_station_is_the_latest_anywhere() throws Exception {
    start(false, Duration.ofSeconds(30), "a b", "b a");
    put(at("a"), "11", "s1", 0, "1.0");
    put(at("a"), "11", "s2", 5, "2.0");
    put(at("b"), "11", "s1", 3, "3.0");
    put(at("b"), "11", "s2", 4, "4.0");
    var latest = LatestRequest.newBuilder().addVariables("TMPF").setScope(Scope.SCOPE_AUTO).build();
    List<String> all = List.of("11/s1 0: 1.0", "11/s1 3: 3.0", "11/s2 4: 4.0", "11/s2 5: 2.0");
    for (NodeFixture node : clusters.values()) {
      awaitRows(node, query(Scope.SCOPE_AUTO), all);
      List<QueryResponse> answer =
          NodeFixture.await(node.call(ObservationServiceGrpcClient.Latest, List.of(latest)));
      int rows = answer.stream().mapToInt(part -> part.getBatch().getRows()).sum();
      assertThat(rows).isEqualTo(2);
      var times = new TreeSet<Long>();
      long time = 0;
      for (QueryResponse part : answer) {
        for (long delta : part.getBatch().getTimeDeltaUsList()) {
          time += delta;
          times.add((time - MONDAY) / DAY);
        }
      }
      assertThat(times).containsExactly(3L, 5L);
    }
  }

  /** Of what two clusters have, the later one counts; a day that is here is not asked for. */
  @Test
  void copies_are_told_once() throws Exception {
    start(false, Duration.ofSeconds(30), "a b c", "b", "c");
    put(at("b"), "11", "s1", 0, "1.0");
    put(at("c"), "11", "s1", 0, "2.0"); // later
    put(at("c"), "11", "s2", 0, "3.0");
    awaitRows(at("a"), query(Scope.SCOPE_AUTO), List.of("11/s1 0: 2.0", "11/s2 0: 3.0"));
    put(at("a"), "11", "s1", 0, "4.0"); // the latest
    assertThat(rows(at("a"), query(Scope.SCOPE_ALL)))
        .containsExactly("11/s1 0: 4.0", "11/s2 0: 3.0");
    assertThat(rows(at("a"), query(Scope.SCOPE_AUTO))).containsExactly("11/s1 0: 4.0");
  }

  @Test
  void filters_spare_peers_that_have_nothing_and_follow_what_they_get_and_lose() throws Exception {
    start(false, Duration.ofSeconds(30), "a b", "b");
    put(at("b"), "11", "s1", 20, "1.0");
    awaitCurrent(at("a"), "b");
    NodeFixture.eventually(
        "b spared",
        () -> {
          assertThat(peers(at("a"), query(Scope.SCOPE_AUTO))).isEmpty();
          return 0;
        });
    long asked = status(at("a"), "b").getAsked();
    assertThat(status(at("a"), "b").getAvoided()).isPositive();
    put(at("b"), "11", "s1", 1, "2.0");
    // Acknowledged there: not found here only where that is said to be unsure.
    NodeFixture.eventually(
        "the new row",
        () -> {
          assertThat(rows(at("a"), query(Scope.SCOPE_AUTO))).containsExactly("11/s1 1: 2.0");
          return 0;
        });
    assertThat(status(at("a"), "b").getAsked()).isGreaterThan(asked);
    assertThat(status(at("a"), "b").getRows()).isPositive();
    at("b")
        .delete(
            DeleteRequest.newBuilder()
                .setSelection(Selection.newBuilder().setFromUs(MONDAY).setToUs(MONDAY + 10 * DAY))
                .build());
    long generation = status(at("a"), "b").getGeneration();
    NodeFixture.eventually(
        "b spared again",
        () -> {
          assertThat(peers(at("a"), query(Scope.SCOPE_AUTO))).isEmpty();
          return 0;
        });
    assertThat(status(at("a"), "b").getGeneration()).isGreaterThan(generation);
  }

  @Test
  void a_peer_that_is_away_is_told_and_comes_back() throws Exception {
    start(false, Duration.ofSeconds(2), "a b c", "b", "c");
    put(at("a"), "11", "s1", 0, "1.0");
    put(at("b"), "11", "s1", 1, "2.0");
    put(at("c"), "11", "s1", 2, "3.0");
    awaitRows(
        at("a"), query(Scope.SCOPE_AUTO), List.of("11/s1 0: 1.0", "11/s1 1: 2.0", "11/s1 2: 3.0"));
    at("b").stop();
    assertThat(rows(at("a"), query(Scope.SCOPE_AUTO)))
        .containsExactly("11/s1 0: 1.0", "11/s1 2: 3.0");
    for (int i = 0; i < 5; i++) {
      assertThat(states(peers(at("a"), query(Scope.SCOPE_AUTO))))
          .isEqualTo("b UNREACHABLE 0, c OK 1");
    }
    at("b").start();
    NodeFixture.eventually(
        "b answers",
        () -> {
          assertThat(states(peers(at("a"), query(Scope.SCOPE_AUTO)))).isEqualTo("b OK 1, c OK 1");
          return 0;
        });
    assertThat(rows(at("a"), query(Scope.SCOPE_AUTO))).hasSize(3);
  }

  @Test
  void a_hub_passes_queries_on_and_none_is_answered_twice() throws Exception {
    start(true, Duration.ofSeconds(30), "a b c", "b a c d", "c a b d", "d b c");
    put(at("a"), "11", "s1", 0, "1.0");
    put(at("b"), "11", "s1", 1, "2.0");
    put(at("c"), "11", "s1", 2, "3.0");
    put(at("d"), "11", "s1", 3, "4.0"); // a does not know it
    awaitRows(
        at("a"),
        query(Scope.SCOPE_ALL),
        List.of("11/s1 0: 1.0", "11/s1 1: 2.0", "11/s1 2: 3.0", "11/s1 3: 4.0"));
    List<PeerOutcome> outcomes = peers(at("a"), query(Scope.SCOPE_ALL));
    assertThat(outcomes.stream().map(PeerOutcome::getState).distinct())
        .isSubsetOf(PeerOutcome.State.OK, PeerOutcome.State.DUPLICATE);
    assertThat(outcomes.stream().map(PeerOutcome::getCluster)).contains("b", "c", "d");
  }

  @Test
  void a_hub_asks_for_days_that_it_holds_itself() throws Exception {
    start(true, Duration.ofSeconds(30), "a h", "h a c", "c h");
    put(at("h"), "11", "s1", 0, "1.0");
    put(at("c"), "11", "s2", 0, "2.0");
    awaitRows(at("a"), query(Scope.SCOPE_AUTO), List.of("11/s1 0: 1.0", "11/s2 0: 2.0"));
  }

  @Test
  void names_of_networks_that_clients_may_use_are_known_before_others_are_asked() throws Exception {
    start(false, Duration.ofSeconds(30), "a b", "b");
    put(at("b"), "11", "s1", 0, "1.0");
    put(at("b"), "12", "s1", 0, "2.0");
    QueryRequest.Builder query = query(Scope.SCOPE_AUTO).toBuilder();
    query.getSelectionBuilder().addNetworks("KSL");
    awaitRows(at("a"), query.build(), List.of("11/s1 0: 1.0"));
    query.getSelectionBuilder().clearNetworks().addStations("KSL/s1");
    awaitRows(at("a"), query.build(), List.of("11/s1 0: 1.0"));
  }

  @Test
  void a_peer_that_is_away_is_not_missed_where_everything_is_here() throws Exception {
    start(false, Duration.ofSeconds(2), "a b", "b");
    put(at("a"), "11", "s1", 0, "1.0");
    at("b").stop();
    QueryRequest.Builder query = query(Scope.SCOPE_AUTO).toBuilder();
    NodeFixture.eventually(
        "what b said last is out of date",
        () -> {
          assertThat(peers(at("a"), query.build())).hasSize(1);
          return 0;
        });
    query.getSelectionBuilder().addNetworks("11").setToUs(MONDAY + DAY);
    assertThat(peers(at("a"), query.build())).isEmpty();
    assertThat(rows(at("a"), query.build())).containsExactly("11/s1 0: 1.0");
    at("b").start();
  }

  @Test
  void closed_networks_are_told_to_those_that_are_named_only() throws Exception {
    List<Integer> ports = NodeFixture.freePorts(3);
    // By a name that clients may use: KSL is network 11.
    var closed = Map.of("12", Set.of("b"), "KSL", Set.of("b"), "13", Set.<String>of());
    clusters.put(
        "a",
        new NodeFixture(
            config(
                "a",
                ports.get(0),
                new NodeConfig.Federation(List.of(), Duration.ofSeconds(5), 4, false, closed))));
    put(at("a"), "11", "s1", 0, "1.0");
    put(at("a"), "12", "s1", 0, "2.0");
    put(at("a"), "13", "s1", 0, "3.0");
    put(at("a"), "14", "s1", 0, "4.0");
    var peer = new NodeConfig.Peer("a", List.of(new HostPort("127.0.0.1", ports.get(0))), null);
    for (String name : List.of("b", "c")) {
      clusters.put(
          name,
          new NodeFixture(
              config(
                  name,
                  ports.get(name.equals("b") ? 1 : 2),
                  new NodeConfig.Federation(List.of(peer), Duration.ofSeconds(5), 4, false))));
    }
    awaitRows(
        at("b"), query(Scope.SCOPE_AUTO), List.of("11/s1 0: 1.0", "12/s1 0: 2.0", "14/s1 0: 4.0"));
    awaitRows(at("c"), query(Scope.SCOPE_AUTO), List.of("14/s1 0: 4.0"));
    assertThat(rows(at("a"), query(Scope.SCOPE_AUTO))).hasSize(4);
  }

  @Test
  void a_peer_by_another_name_is_not_believed() throws Exception {
    List<Integer> ports = NodeFixture.freePorts(2);
    clusters.put("b", new NodeFixture(config("b", ports.get(1), NodeConfig.Federation.NONE)));
    put(at("b"), "11", "s1", 0, "1.0");
    var peers =
        List.of(new NodeConfig.Peer("x", List.of(new HostPort("127.0.0.1", ports.get(1))), null));
    clusters.put(
        "a",
        new NodeFixture(
            config(
                "a",
                ports.get(0),
                new NodeConfig.Federation(peers, Duration.ofSeconds(5), 4, false))));
    NodeFixture.eventually(
        "trouble",
        () -> {
          assertThat(status(at("a"), "x").getTrouble()).contains("is of cluster b");
          return 0;
        });
    assertThat(status(at("a"), "x").getCurrent()).isFalse();
  }

  @Test
  void tickets_that_are_not_right_are_refused() throws Exception {
    start(false, Duration.ofSeconds(5), "a");
    byte[] id = new byte[16];
    id[3] = 7;
    var ticket =
        Ticket.newBuilder()
            .setRequestId(ByteString.copyFrom(id))
            .setOrigin("z")
            .addPath("z")
            .setHopsLeft(1)
            .setCallsLeft(1);
    put(at("a"), "11", "s1", 0, "1.0");
    assertThat(relayed(ticket)).isEqualTo(1);
    assertRefused(ticket, GrpcStatus.ALREADY_EXISTS, "another way");
    id[3] = 8;
    ticket.setRequestId(ByteString.copyFrom(id));
    assertRefused(ticket.clone().addPath("a"), GrpcStatus.ALREADY_EXISTS, "another way");
    assertRefused(ticket.clone().setOrigin("y"), GrpcStatus.INVALID_ARGUMENT, "path");
    assertRefused(ticket.clone().setHopsLeft(-1), GrpcStatus.INVALID_ARGUMENT, "hops");
    assertRefused(
        ticket.clone().setRequestId(ByteString.copyFromUtf8("x")),
        GrpcStatus.INVALID_ARGUMENT,
        "request_id");
    assertThat(relayed(ticket)).isEqualTo(1);
  }

  private long relayed(Ticket.Builder ticket) {
    RelayedQuery query =
        RelayedQuery.newBuilder().setTicket(ticket).setQuery(query(Scope.SCOPE_AUTO)).build();
    long rows = 0;
    var talk = at("a").<RelayedQuery, QueryResponse>talk(FederationServiceGrpcClient.Query);
    talk.send(query);
    talk.end();
    var parts = new ArrayList<QueryResponse>();
    for (QueryResponse part = talk.next(); part != null; part = talk.next()) {
      parts.add(part);
      rows += part.getBatch().getRows();
    }
    assertThat(parts.get(parts.size() - 1).hasEnd()).isTrue();
    return rows;
  }

  private void assertRefused(Ticket.Builder ticket, GrpcStatus status, String text) {
    assertThatThrownBy(() -> relayed(ticket))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class, e -> assertThat(e.status).isEqualTo(status))
        .hasMessageContaining(text);
  }
}
