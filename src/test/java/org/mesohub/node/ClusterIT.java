package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.node.NodeFixture.eventually;

import io.vertx.grpc.common.GrpcStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cli.Cli;
import org.mesohub.cli.Console;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.StatusResponse;

/** Three whole nodes in this process: one store, whichever node is asked. */
class ClusterIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;

  @TempDir Path folder;

  private final List<Member> members = new ArrayList<>();
  private final List<NodeFixture> nodes = new ArrayList<>();
  private final List<NodeFixture> running = new ArrayList<>();
  private long clockStepMicros;

  private void start() throws IOException {
    List<Integer> ports = NodeFixture.freePorts(12);
    for (int n = 0; n < 3; n++) {
      members.add(
          new Member(
              "node" + (n + 1),
              n + 1,
              "127.0.0.1",
              ports.get(4 * n),
              ports.get(4 * n + 1),
              ports.get(4 * n + 2),
              "127.0.0.1:" + ports.get(4 * n + 3),
              true));
    }
    // At once: the first time they wait for each other.
    List<CompletableFuture<NodeFixture>> starting =
        members.stream()
            .map(
                member ->
                    CompletableFuture.supplyAsync(
                        () -> node(member), work -> new Thread(work).start()))
            .toList();
    starting.forEach(node -> nodes.add(node.join()));
    running.addAll(nodes);
  }

  private NodeFixture node(Member member) {
    long offsetMicros = (member.number() - 2) * clockStepMicros;
    return new NodeFixture(
        NodeFixture.config(folder.resolve(member.id()), new Members(member.id(), members)),
        () -> WallClock.micros() + offsetMicros);
  }

  @AfterEach
  void close() {
    running.forEach(NodeFixture::close);
  }

  private NodeFixture leader() throws InterruptedException {
    return eventually(
        "somebody leads",
        () ->
            running.stream()
                .filter(
                    node -> {
                      StatusResponse status = node.status();
                      return status.getNode().equals(status.getLeader());
                    })
                .findFirst()
                .orElseThrow(AssertionError::new));
  }

  private NodeFixture follower() throws InterruptedException {
    NodeFixture leader = leader();
    return running.stream().filter(node -> node != leader).findFirst().orElseThrow();
  }

  private static byte[] file(String station, int rows, String value) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(new Row(new Key("1", station, TEN_OCLOCK + i * MINUTE), Map.of("TMPF", value)));
    }
    return OracleWorld.file(List.of("TMPF"), all);
  }

  /** Puts until the cluster says that it has it; the token makes that one put. */
  private PutResponse put(NodeFixture node, byte[] file, long sequence)
      throws InterruptedException {
    return eventually("a put", () -> node.put(file, sequence));
  }

  private static QueryRequest everything() {
    return QueryRequest.getDefaultInstance();
  }

  private void allAnswer(List<String> rows) throws InterruptedException {
    for (NodeFixture node : running) {
      assertThat(eventually("an answer", () -> node.rows(everything()))).isEqualTo(rows);
    }
  }

  @Test
  @Tag("slow")
  void a_copy_goes_through_a_node_that_does_not_lead_and_every_node_answers_as_the_copied_one()
      throws Exception {
    start();
    NodeFixture follower = follower();
    try (var alone = new NodeFixture(folder.resolve("alone"))) {
      // Large enough for chunks: small puts travel in the log.
      var random = new Random(13);
      for (int i = 0; i < 4; i++) {
        alone.put(noise("S" + i % 2, random), i + 1);
      }
      byte[] small = file("S1", 10, "3.5");
      alone.put(small, 9);
      String folderName = folder.resolve("copy").toString();
      String fromFollower = folder.resolve("second").toString();
      run(alone, "backup", folderName);
      run(follower, "restore", folderName);
      run(follower, "backup", fromFollower);

      String history = run(alone, "get", "--history");
      for (NodeFixture node : nodes) {
        assertThat(run(node, "get", "--history")).isEqualTo(history);
      }
      assertThat(history.lines()).hasSizeGreaterThan(1_000);
      run(follower, "restore", fromFollower, "--check");
      assertThat(follower.put(small, 9).getReplayed()).isTrue();
    }
  }

  private static String run(NodeFixture node, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true),
            false,
            false,
            false,
            Map.of("MESOHUB_NODE", "127.0.0.1:" + node.port()));
    assertThat(Cli.run(args, console)).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void every_node_tells_of_itself_and_what_was_rejected_outlives_a_leadership() throws Exception {
    start();
    NodeFixture before = leader();
    assertThat(put(before, noise("L", new Random(7)), 1).getStored()).isEqualTo(35_000);
    PutResponse bad = put(before, file("N", 1, "wrong"), 2);
    assertThat(bad.getRejected()).isEqualTo(1);
    run(before, "leader", "transfer");
    eventually(
        "another leader",
        () -> {
          StatusResponse status = before.status();
          assertThat(status.getLeader()).isNotEmpty().isNotEqualTo(status.getNode());
          return true;
        });
    for (NodeFixture node : nodes) {
      assertThat(run(node, "get", "--rejects")).contains(bad.getPutId()).contains("wrong");
    }
    for (NodeFixture node : nodes) { // the last copy may be left to repair
      eventually(
          "a copy there",
          () -> {
            assertThat(run(node, "scrub", "--this")).doesNotContain("; 0 chunks");
            return true;
          });
    }
    String scrubbed = run(follower(), "scrub", "--now");
    assertThat(scrubbed.lines()).hasSize(3);
    for (Member member : members) {
      assertThat(scrubbed).containsPattern(member.id() + ": [1-9][0-9]* chunks read");
    }
    assertThat(scrubbed).contains(" 0 corrupt");
    eventually(
        "numbers of all members",
        () -> {
          assertThat(run(before, "status")).contains("node3").doesNotContain("?");
          return true;
        });
    String metrics = page(before, "/metrics");
    assertThat(metrics)
        .contains("mesohub_raft_voters 3.0")
        .contains("mesohub_scrub_rounds_total 1.0")
        .containsPattern("mesohub_bus_up\\{member=\"node[123]\"} 1.0")
        .containsPattern("mesohub_raft_leads 0.0");
  }

  private static String page(NodeFixture node, String path) throws Exception {
    HttpRequest ask =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path)).build();
    return HttpClient.newHttpClient().send(ask, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  @Tag("slow")
  void clocks_an_hour_apart_change_nothing() throws Exception {
    clockStepMicros = 3_600_000_000L;
    start();
    for (int round = 0; round < 3; round++) {
      byte[] rows = file("C" + round, 100, "1.5");
      NodeFixture before = leader();
      PutResponse first = put(before, rows, round + 1);
      assertThat(first.getStored()).isEqualTo(100);
      run(before, "leader", "transfer", next(before.status().getNode()));
      eventually(
          "another leader",
          () -> {
            StatusResponse status = before.status();
            assertThat(status.getLeader()).isNotEmpty().isNotEqualTo(status.getNode());
            return true;
          });
      // Its clock may be an hour or two behind that of the one before: one result all the same.
      PutResponse again = put(leader(), rows, round + 1);
      assertThat(again.toBuilder().clearReplayed().build())
          .isEqualTo(first.toBuilder().clearReplayed().build());
    }
    List<String> rows = leader().rows(everything());
    assertThat(rows).hasSize(300);
    allAnswer(rows);
  }

  private static String next(String id) {
    int number = Integer.parseInt(id.substring("node".length()));
    return "node" + (number % 3 + 1);
  }

  @Test
  void every_node_takes_puts_and_gives_the_same_answers() throws Exception {
    start();
    for (int n = 0; n < 3; n++) {
      assertThat(put(nodes.get(n), file("N" + n, 500, "1.5"), n + 1).getStored()).isEqualTo(500);
    }
    List<String> rows = leader().rows(everything());
    assertThat(rows).hasSize(1_500);
    allAnswer(rows);
    // A correction through one node is seen by the next read through another.
    assertThat(put(follower(), file("N1", 10, "2.5"), 9).getCorrected()).isEqualTo(10);
    allAnswer(leader().rows(everything()));
    assertThat(leader().rows(everything())).isNotEqualTo(rows);
    for (NodeFixture node : running) {
      assertThat(node.status().getLeader()).isEqualTo(leader().status().getNode());
    }
  }

  @Test
  void what_is_acknowledged_outlives_a_leader_that_stops_and_is_there_when_it_returns()
      throws Exception {
    start();
    // Large enough for chunks: small puts travel in the log.
    var random = new Random(11);
    for (int i = 0; i < 4; i++) {
      put(nodes.get(i % 3), noise("S" + i, random), i + 1);
    }
    List<String> rows = leader().rows(everything());
    NodeFixture old = leader();
    running.remove(old);
    old.stop();
    allAnswer(rows);
    put(running.get(0), noise("LATER", random), 10);
    List<String> more = leader().rows(everything());
    assertThat(more).hasSizeGreaterThan(rows.size());
    old.start();
    running.add(old);
    // Now another one goes: the one that was away must have caught up for a majority to have all.
    NodeFixture other = leader();
    running.remove(other);
    other.stop();
    allAnswer(more);
    other.start();
    running.add(other);
    allAnswer(more);
  }

  @Test
  @Tag("slow")
  void a_node_that_lost_its_folder_is_taken_in_anew() throws Exception {
    start();
    var random = new Random(12);
    put(nodes.get(0), noise("S", random), 1);
    List<String> rows = leader().rows(everything());
    NodeFixture lost = follower();
    running.remove(lost);
    lost.stop();
    deleteFolder(members.get(nodes.indexOf(lost)).id());
    put(running.get(0), file("M", 10, "1.5"), 2);
    lost.start();
    running.add(lost);
    assertThat(eventually("an answer", () -> lost.rows(everything()))).hasSize(rows.size() + 10);
    List<String> all = leader().rows(everything());

    // Its vote is needed now, and its copies: one of the three was never without.
    NodeFixture other = leader();
    running.remove(other);
    other.stop();
    allAnswer(all);
    assertThat(put(lost, file("L", 10, "1.5"), 3).getStored()).isEqualTo(10);
    other.start();
    running.add(other);
    allAnswer(leader().rows(everything()));
  }

  private void deleteFolder(String node) throws IOException {
    try (var files = Files.walk(folder.resolve(node))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static byte[] noise(String station, Random random) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < 35_000; i++) {
      String value = "%d.%02d".formatted(random.nextInt(10_000), random.nextInt(100));
      all.add(
          new Row(
              new Key("1", station + i % 7, TEN_OCLOCK + i * MINUTE / 7), Map.of("TMPF", value)));
    }
    return OracleWorld.file(List.of("TMPF"), all);
  }

  @Test
  @Tag("slow")
  void without_a_majority_nothing_is_acknowledged_and_work_goes_on_when_it_is_back()
      throws Exception {
    start();
    put(nodes.get(0), file("A", 10, "1.5"), 1);
    NodeFixture left = follower();
    for (NodeFixture node : nodes) {
      if (node != left) {
        running.remove(node);
        node.stop();
      }
    }
    assertThat(catchRefusal(() -> left.put(file("B", 10, "1.5"), 2)))
        .satisfies(refused -> assertThat(refused.status).isEqualTo(GrpcStatus.UNAVAILABLE));
    assertThat(catchRefusal(() -> left.rows(everything()))).isNotNull();
    for (NodeFixture node : nodes) {
      if (node != left) {
        node.start();
        running.add(node);
      }
    }
    assertThat(put(left, file("B", 10, "1.5"), 2).getStored()).isEqualTo(10);
    assertThat(leader().rows(everything())).hasSize(20);
  }

  private static NodeFixture.Refused catchRefusal(Runnable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        NodeFixture.Refused.class, call::run);
  }
}
