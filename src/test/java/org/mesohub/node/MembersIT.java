package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mesohub.node.NodeFixture.eventually;

import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.proto.v1.AddNodeRequest;
import org.mesohub.proto.v1.ClusterServiceGrpcClient;
import org.mesohub.proto.v1.ClusterStatusRequest;
import org.mesohub.proto.v1.ClusterStatusResponse;
import org.mesohub.proto.v1.MemberStatus;
import org.mesohub.proto.v1.NodeAddresses;
import org.mesohub.proto.v1.NodeChange;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.RemoveNodeRequest;

/** Nodes come and go while clients put: nothing acknowledged is lost, and whoever stays has it. */
class MembersIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;

  @TempDir Path folder;

  private final Map<Integer, Member> members = new LinkedHashMap<>();
  private final Map<Integer, NodeFixture> running = new LinkedHashMap<>();

  private Member member(int n) {
    return members.computeIfAbsent(n, MembersIT::made);
  }

  private static Member made(int number) {
    List<Integer> ports;
    try {
      ports = NodeFixture.freePorts(4);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Member(
        "node" + number,
        number,
        "127.0.0.1",
        ports.get(0),
        ports.get(1),
        ports.get(2),
        "127.0.0.1:" + ports.get(3),
        true);
  }

  /** A node whose configuration names itself and some others. */
  private CompletableFuture<NodeFixture> starting(int n, int... others) {
    List<Member> named = new ArrayList<>();
    for (int other : others) {
      named.add(member(other));
    }
    named.add(member(n));
    return CompletableFuture.supplyAsync(
        () ->
            new NodeFixture(
                NodeFixture.config(folder.resolve("node" + n), new Members("node" + n, named))),
        work -> new Thread(work).start());
  }

  private void start(int n, int... others) {
    running.put(n, starting(n, others).join());
  }

  @AfterEach
  void close() {
    running.values().forEach(NodeFixture::close);
  }

  private NodeFixture any() {
    return running.values().iterator().next();
  }

  /** Adds a node that is starting, or starts then. */
  private void add(int n, int... others) throws InterruptedException {
    CompletableFuture<NodeFixture> begun = starting(n, others);
    Member node = member(n);
    var request =
        AddNodeRequest.newBuilder()
            .setNode(
                NodeAddresses.newBuilder()
                    .setId(node.id())
                    .setNumber(node.number())
                    .setHost(node.host())
                    .setDiscoveryPort(node.discoveryPort())
                    .setBusPort(node.busPort())
                    .setInternalPort(node.internalPort())
                    .setPublicAddress(node.publicAddress())
                    .setContact(true))
            .build();
    eventually(
        "node " + n + " votes",
        () -> {
          NodeChange change =
              NodeFixture.await(any().call(ClusterServiceGrpcClient.AddNode, List.of(request)))
                  .get(0);
          assertThat(change.getDone()).as(change.getText()).isTrue();
          return change;
        });
    running.put(n, begun.join());
  }

  private void remove(int n, boolean runs) throws InterruptedException {
    NodeFixture removed = running.get(n);
    running.remove(n);
    var request = RemoveNodeRequest.newBuilder().setNode("node" + n).build();
    eventually(
        "node " + n + " is out",
        () -> {
          try {
            List<NodeChange> answer =
                NodeFixture.await(
                    any().call(ClusterServiceGrpcClient.RemoveNode, List.of(request)));
            throw new AssertionError(answer.get(0).getText());
          } catch (NodeFixture.Refused e) {
            assertThat(e.status).as(e.getMessage()).isEqualTo(GrpcStatus.NOT_FOUND);
            return true;
          }
        });
    if (runs) {
      removed.close();
    }
  }

  private List<MemberStatus> seenBy(NodeFixture node) {
    ClusterStatusResponse status =
        NodeFixture.await(
                node.call(
                    ClusterServiceGrpcClient.Status,
                    List.of(ClusterStatusRequest.getDefaultInstance())))
            .get(0);
    return status.getMembersList();
  }

  private void everyNodeSees(String... ids) throws InterruptedException {
    for (NodeFixture node : running.values()) {
      eventually(
          "the members",
          () -> {
            assertThat(seenBy(node)).extracting(MemberStatus::getId).containsExactlyInAnyOrder(ids);
            assertThat(seenBy(node)).allMatch(MemberStatus::getVoter);
            return true;
          });
    }
  }

  /** Puts rows of its own one after the other until it is told to end. */
  private final class Writer {
    private final ConcurrentLinkedQueue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean ended;

    Writer() {
      thread = new Thread(this::run);
      thread.start();
    }

    private void run() {
      for (int i = 0; !ended; i++) {
        Row row = new Row(new Key("1", "W", TEN_OCLOCK + i * MINUTE), Map.of("TMPF", "1." + i));
        byte[] file = OracleWorld.file(List.of("TMPF"), List.of(row));
        int sequence = i + 1;
        try {
          eventually("a put", () -> any().put(file, sequence));
          acknowledged.add(i);
          Thread.sleep(5);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    void end() throws InterruptedException {
      ended = true;
      thread.join();
      var rows = new TreeSet<String>();
      for (int i : acknowledged) {
        rows.add("1/W@" + (TEN_OCLOCK + i * MINUTE) + "{TMPF=1." + i + "}");
      }
      for (NodeFixture node : running.values()) {
        List<String> read =
            eventually(
                "an answer",
                () ->
                    node.rows(QueryRequest.newBuilder().build()).stream()
                        .filter(row -> row.startsWith("1/W@"))
                        .toList());
        assertThat(new TreeSet<>(read)).isEqualTo(rows);
      }
    }
  }

  /** One large enough to travel as chunks. */
  private static byte[] large(String station) {
    List<Row> rows = new ArrayList<>();
    var random = new Random(5);
    for (int i = 0; i < 35_000; i++) {
      rows.add(
          new Row(
              new Key("1", station, TEN_OCLOCK + i * MINUTE),
              Map.of("TMPF", "%d.%02d".formatted(random.nextInt(10_000), random.nextInt(100)))));
    }
    return OracleWorld.file(List.of("TMPF"), rows);
  }

  private long rowsOf(String station, NodeFixture node) throws InterruptedException {
    return eventually(
        "an answer",
        () ->
            node.rows(QueryRequest.newBuilder().build()).stream()
                .filter(row -> row.startsWith("1/" + station + "@"))
                .count());
  }

  @Test
  void a_node_alone_becomes_three_and_the_first_one_leaves() throws Exception {
    try (var alone = new NodeFixture(NodeFixture.config(folder.resolve("node1"), "trio"))) {
      alone.put(large("A"));
    }
    start(1);
    everyNodeSees("node1");
    var writer = new Writer();
    add(2, 1);
    add(3, 1); // it hears of the second from the first
    everyNodeSees("node1", "node2", "node3");
    remove(1, true);
    everyNodeSees("node2", "node3");
    for (NodeFixture node : running.values()) {
      eventually(
          "chunks of its own",
          () -> {
            assertThat(seenBy(node)).allMatch(member -> member.getChunks() > 0);
            return true;
          });
    }
    writer.end();
    for (NodeFixture node : running.values()) {
      assertThat(rowsOf("A", node)).isEqualTo(35_000);
    }
    try (NodeFixture stale = starting(1).join()) {
      // Its configuration names itself only, and its log once had no other voter.
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> stale.put(large("Z")))
            .as("a node that was taken out goes on in no cluster of its own")
            .isInstanceOf(NodeFixture.Refused.class);
        assertThatThrownBy(() -> stale.rows(QueryRequest.getDefaultInstance()))
            .isInstanceOf(NodeFixture.Refused.class);
      }
      assertThat(stale.status().getRole()).isNotEqualTo("LEADER");
    }
    assertThat(rowsOf("Z", any())).isZero();
  }

  @Test
  @Tag("slow")
  void three_become_five_and_three_again_and_a_dead_one_is_replaced() throws Exception {
    List<CompletableFuture<NodeFixture>> first =
        List.of(starting(1, 2, 3), starting(2, 1, 3), starting(3, 1, 2));
    for (int n = 1; n <= 3; n++) {
      running.put(n, first.get(n - 1).join());
    }
    eventually("a put", () -> any().put(large("B"), 1));
    var writer = new Writer();
    add(4, 1, 2, 3);
    add(5, 4);
    everyNodeSees("node1", "node2", "node3", "node4", "node5");
    remove(2, true);
    remove(1, true);
    everyNodeSees("node3", "node4", "node5");
    running.remove(4).close();
    remove(4, false);
    add(6, 3, 5);
    everyNodeSees("node3", "node5", "node6");
    writer.end();
    for (NodeFixture node : running.values()) {
      assertThat(rowsOf("B", node)).isEqualTo(35_000);
    }
  }
}
