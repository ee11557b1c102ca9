package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;

/** What a whole node promises about puts: tokens, wholeness, rejects, bad input. */
class PutIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;

  /** More rows than one put holds in memory. */
  private static final int ROWS_SPILLED = 300_000;

  @TempDir Path folder;
  private NodeFixture node;

  @BeforeEach
  void start() {
    node = new NodeFixture(folder);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void a_replayed_token_gets_the_first_answer_again_even_after_a_restart() {
    PutResponse first = node.put(file("A", 10, "1.5"), 7);
    assertThat(first.getStored()).isEqualTo(10);
    PutResponse again = node.put(file("A", 10, "1.5"), 7);
    assertThat(again).isEqualTo(first.toBuilder().setReplayed(true).build());
    assertThatThrownBy(() -> node.put(file("A", 10, "2.5"), 7))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class,
            e -> assertThat(e.status).isEqualTo(GrpcStatus.ALREADY_EXISTS));

    node.restart();
    assertThat(node.put(file("A", 10, "1.5"), 7)).isEqualTo(again);
    assertThat(rows()).isEqualTo(10);
  }

  @Test
  void the_same_put_sent_many_times_at_once_is_stored_once_and_all_get_its_answer() {
    List<Future<PutResponse>> puts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      puts.add(node.putting(file("A", 10, "1.5"), 7, false));
    }
    for (Future<PutResponse> put : puts) {
      assertThat(NodeFixture.await(put).getStored()).isEqualTo(10);
    }
    assertThat(puts).filteredOn(put -> !put.result().getReplayed()).hasSize(1);
    assertThat(rows()).isEqualTo(10);
  }

  @Test
  void concurrent_small_puts_to_one_day_are_all_stored_beside_compactions() {
    for (int round = 0; round < 4; round++) {
      List<Future<PutResponse>> puts = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        puts.add(node.putting(file("S" + i, 5, round + ".5"), 0, false));
        if (i % 16 == 0) {
          puts.get(i).onComplete(ignored -> node.compacting());
        }
      }
      for (Future<PutResponse> put : puts) {
        PutResponse answer = NodeFixture.await(put);
        assertThat(round == 0 ? answer.getStored() : answer.getCorrected()).isEqualTo(5);
      }
      node.compact();
      String value = "TMPF=" + round + ".5";
      assertThat(node.rows(QueryRequest.getDefaultInstance()))
          .hasSize(320)
          .allMatch(row -> row.contains(value));
    }
  }

  @Test
  void a_dry_run_and_a_cancelled_put_store_nothing() {
    PutResponse dry = NodeFixture.await(node.putting(file("A", 10, "1.5"), 0, true));
    assertThat(dry.getStored()).isEqualTo(10);
    assertThat(dry.getCommit()).isZero();
    node.putAndCancel(file("B", 5_000, "1.5"));
    assertThat(node.put(file("C", 1, "1.5")).getStored()).isOne();
    assertThat(rows()).isOne();
  }

  @Test
  void bad_rows_are_told_by_line_and_the_good_ones_stored() {
    String text = new String(file("A", 3, "1.5"), StandardCharsets.US_ASCII);
    String[] lines = text.split("\n");
    lines[5] = lines[5].replace("20180316/", "20181316/");
    PutResponse answer =
        node.put((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(answer.getStored()).isEqualTo(2);
    assertThat(answer.getRejected()).isOne();
    assertThat(answer.getFirstRejects(0).getLine()).isEqualTo(6);
    assertThat(answer.getFirstRejects(0).getReason()).isNotEmpty();
    assertThat(answer.getFirstRejects(0).getText()).contains("20181316/");
  }

  @Test
  void unreadable_input_is_refused_whole_and_the_node_goes_on() throws Exception {
    byte[] good = file("A", 2_000, "1.5");
    byte[] gzip = gzip(good);
    byte[] binary = new byte[100_000];
    new java.util.Random(3).nextBytes(binary);
    Map<String, byte[]> inputs =
        Map.of(
            "half a gzip file", Arrays.copyOf(gzip, gzip.length / 2),
            "noise", binary,
            "UTF-16", new String(good, StandardCharsets.US_ASCII).getBytes(StandardCharsets.UTF_16),
            "another table", "a;b;c\n1;2;3\n".getBytes(StandardCharsets.US_ASCII));
    inputs.forEach(
        (name, bad) -> {
          assertThatThrownBy(() -> node.put(bad))
              .as(name)
              .isInstanceOfSatisfying(
                  NodeFixture.Refused.class,
                  e -> assertThat(e.status).isEqualTo(GrpcStatus.INVALID_ARGUMENT));
          assertThat(rows()).as(name).isZero();
        });
    assertThat(node.put(good).getStored()).isEqualTo(2_000);
  }

  @Test
  void a_put_that_spills_keeps_the_last_value_of_every_repeated_key() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS_SPILLED; i++) {
      int key = (int) (i * 7_919L % 100_000);
      rows.add(row("S" + key % 100, key / 100, (i / 100_000) + ".25"));
    }
    PutResponse answer = node.put(OracleWorld.file(List.of("TMPF"), rows));
    assertThat(answer.getRejected()).isZero();
    var world = new OracleWorld();
    world.put(rows);
    assertThat(node.rows(QueryRequest.getDefaultInstance()))
        .isEqualTo(world.rows(0, row -> true))
        .hasSize(100_000);
    try (var left = Files.list(folder.resolve("spill"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_foreign_or_newer_data_folder_is_refused_with_a_clear_text() throws Exception {
    try (var other = new NodeFixture(folder.resolve("other"))) {
      assertThat(other.port()).isPositive();
    }
    var config = NodeFixture.config(folder.resolve("other"));
    var renamed =
        new org.mesohub.config.NodeConfig(
            "node2",
            2,
            org.mesohub.config.NodeConfig.Cluster.alone("another-cluster"),
            config.data(),
            config.listen(),
            null,
            null,
            null,
            config.tokens(),
            config.history(),
            config.capacityBytes(),
            config.retention(),
            config.networks(),
            config.owner(),
            config.limits(),
            config.compaction(),
            config.metrics(),
            config.federation());
    assertThatThrownBy(() -> NodeFixture.await(Node.start(renamed)))
        .hasMessageContaining("another-cluster");
  }

  private long rows() {
    return node.count(QueryRequest.newBuilder());
  }

  private static Row row(String station, int minute, String value) {
    return new Row(new Key("1", station, TEN_OCLOCK + minute * MINUTE), Map.of("TMPF", value));
  }

  private static byte[] file(String station, int rows, String value) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(row(station, i, value));
    }
    return OracleWorld.file(List.of("TMPF"), all);
  }

  private static byte[] gzip(byte[] data) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }
}
