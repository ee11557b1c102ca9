package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.node.FederationIT.awaitCurrent;
import static org.mesohub.node.FederationIT.awaitRows;
import static org.mesohub.node.FederationIT.peers;
import static org.mesohub.node.FederationIT.put;
import static org.mesohub.node.FederationIT.query;
import static org.mesohub.node.FederationIT.states;
import static org.mesohub.node.FederationIT.status;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.config.HostPort;
import org.mesohub.config.NodeConfig;
import org.mesohub.config.NodeConfig.Peer;
import org.mesohub.config.NodeConfig.Peer.Dial;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Scope;

/**
 * A laboratory that nobody can call, behind a translator of addresses, and a hub that it dials; a
 * third cluster knows the hub only.
 */
class DialOutIT {
  @TempDir Path folder;
  private NodeFixture hub;
  private NodeFixture lab;
  private NodeFixture other;
  private AddressTranslator nat;

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = NodeFixture.freePorts(3);
    nat = new AddressTranslator(ports.get(0));
    hub = node("hub", ports.get(0), true, new Peer("lab", List.of(), Dial.IN, null, null));
    lab =
        node(
            "lab",
            ports.get(1),
            false,
            new Peer("hub", List.of(new HostPort("127.0.0.1", nat.port())), Dial.OUT, null, null));
    other =
        node(
            "other",
            ports.get(2),
            false,
            new Peer("hub", List.of(new HostPort("127.0.0.1", ports.get(0))), null));
  }

  private NodeFixture node(String name, int port, boolean transit, Peer peer) {
    return new NodeFixture(
        NodeFixture.config(
            folder.resolve(name),
            name,
            port,
            new NodeConfig.Federation(List.of(peer), Duration.ofSeconds(5), 4, transit)));
  }

  @AfterEach
  void close() throws Exception {
    for (NodeFixture node : new NodeFixture[] {other, lab, hub}) {
      if (node != null) {
        node.close();
      }
    }
    nat.close();
  }

  @Test
  void rows_of_a_cluster_that_nobody_can_call_are_told_by_the_hub_and_behind_it() throws Exception {
    put(lab, "11", "s1", 0, "1.0");
    put(hub, "12", "s2", 1, "2.0");
    awaitRows(hub, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0", "12/s2 1: 2.0"));
    awaitRows(lab, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0", "12/s2 1: 2.0"));
    awaitRows(other, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0", "12/s2 1: 2.0"));
    assertThat(status(hub, "lab").getDial()).isEqualTo("in");
    assertThat(status(hub, "lab").getLinks()).isPositive();
    assertThat(status(lab, "hub").getDial()).isEqualTo("out");
    assertThat(states(peers(hub, query(Scope.SCOPE_ALL)))).isEqualTo("lab OK 1");
  }

  @Test
  @Tag("slow")
  void a_way_that_is_forgotten_is_found_again() throws Exception {
    put(lab, "11", "s1", 0, "1.0");
    awaitRows(hub, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0"));
    awaitCurrent(hub, "lab");
    nat.forget(); // connections that are made meanwhile are accepted, and nothing comes of them
    NodeFixture.eventually(
        "silence noticed",
        () -> {
          assertThat(status(hub, "lab").getCurrent()).isFalse();
          return 0;
        });
    put(lab, "11", "s1", 1, "1.5");
    nat.remember();
    awaitCurrent(hub, "lab");
    awaitRows(hub, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0", "11/s1 1: 1.5"));
    awaitCurrent(lab, "hub");
    NodeFixture.eventually(
        "old links dropped",
        () -> {
          assertThat(status(hub, "lab").getLinks()).isBetween(1, 3);
          return 0;
        });
  }

  @Test
  void much_comes_through_whole_and_several_queries_at_once() throws Exception {
    var file = new StringBuilder("network,station,time,TMPF\n");
    for (int row = 0; row < 40_000; row++) {
      file.append("11,s")
          .append(row % 400)
          .append(",2018-03-")
          .append(String.format(Locale.ROOT, "%02d", 10 + row / 20_000))
          .append('T')
          .append(LocalTime.ofSecondOfDay(row / 400 * 60L))
          .append(":00Z,")
          .append(row)
          .append(".5\n");
    }
    assertThat(lab.put(file.toString().getBytes(StandardCharsets.UTF_8)).getStored())
        .isEqualTo(40_000);
    QueryRequest all = query(Scope.SCOPE_ALL);
    awaitCurrent(hub, "lab");
    NodeFixture.eventually(
        "rows",
        () -> {
          assertThat(hub.rows(all)).hasSize(40_000);
          return 0;
        });
    List<Future<List<QueryResponse>>> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(hub.call(ObservationServiceGrpcClient.Query, List.of(all)));
    }
    for (Future<List<QueryResponse>> answer : answers) {
      List<QueryResponse> messages = NodeFixture.await(answer);
      assertThat(messages.get(messages.size() - 1).getEnd().getPeers(0).getRows())
          .isEqualTo(40_000);
    }
  }

  @Test
  void the_hub_starts_anew_and_is_dialled_again() throws Exception {
    put(lab, "11", "s1", 0, "1.0");
    awaitRows(hub, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0"));
    hub.stop();
    hub.start();
    awaitCurrent(hub, "lab");
    awaitRows(hub, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0"));
  }

  @Test
  void a_cluster_that_does_not_dial_is_missed_by_name() throws Exception {
    put(lab, "11", "s1", 0, "1.0");
    awaitRows(hub, query(Scope.SCOPE_ALL), List.of("11/s1 0: 1.0"));
    lab.close();
    lab = null;
    NodeFixture.eventually(
        "trouble",
        () -> {
          assertThat(status(hub, "lab").getTrouble()).contains("expected to dial in");
          return 0;
        });
    assertThat(states(peers(hub, query(Scope.SCOPE_ALL)))).isEqualTo("lab UNREACHABLE 0");
  }
}
