package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Selection;

/** Corrections, versions, late rows and rows of the future in a whole node. */
class HistoryIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;
  private static final long YEAR = 365L * 24 * 60 * MINUTE;
  private static final int ROUNDS = 2;
  private static final int ROWS = 20_000;

  /** More than fits between a node and a client that does not read. */
  private static final int ROWS_READ = 150_000;

  @TempDir static java.nio.file.Path folder;
  private static NodeFixture node;

  @BeforeAll
  static void start() {
    node = new NodeFixture(folder);
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Test
  void history_has_every_version_with_its_commit_and_what_it_changed() {
    long first = put("H", TEN_OCLOCK, "TMPF", "35.60").getCommit();
    assertThat(put("H", TEN_OCLOCK, "TMPF", "35.6").getUnchanged()).isOne();
    long second = put("H", TEN_OCLOCK, "TMPF", "36.00").getCommit();
    long third = put("H", TEN_OCLOCK, "RELH", "50.00").getCommit();
    assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();

    for (String when : List.of("before", "after")) {
      List<String> rows = node.rows(of("H").setHistory(true).build());
      assertThat(rows).as("%s compaction", when).hasSize(3);
      assertThat(rows.get(0)).contains("TMPF=35.60");
      assertThat(rows.get(1)).contains("TMPF=36.00");
      assertThat(rows.get(2)).contains("RELH=50.00");
      assertThat(commits(of("H").setHistory(true).build())).containsExactly(first, second, third);
      assertThat(one(of("H"))).contains("TMPF=36.00").contains("RELH=50.00");
      assertThat(one(of("H").setAsOfCommit(first))).contains("TMPF=35.60").doesNotContain("RELH");
      assertThat(one(of("H").setAsOfCommit(second))).contains("TMPF=36.00").doesNotContain("RELH");
      node.compact();
    }
  }

  @Test
  void a_late_row_for_an_old_day_appears_at_its_place() {
    put("L", TEN_OCLOCK, "TMPF", "1.00");
    put("L", TEN_OCLOCK + YEAR, "TMPF", "2.00");
    node.compact();
    put("L", TEN_OCLOCK + 5 * MINUTE, "TMPF", "3.00");
    assertThat(node.rows(of("L").build()))
        .extracting(row -> row.replaceAll(".*TMPF=", ""))
        .containsExactly("1.00}", "3.00}", "2.00}");
  }

  @Test
  void rows_of_the_future_are_stored_counted_and_marked() {
    long now = System.currentTimeMillis() / 60_000 * MINUTE;
    PutResponse answer =
        node.put(
            OracleWorld.file(
                List.of("TMPF"),
                List.of(
                    row("F", now - 60 * MINUTE, "TMPF", "1.00"),
                    row("F", now + YEAR, "TMPF", "2.00"))));
    assertThat(answer.getStored()).isEqualTo(2);
    assertThat(answer.getFuture()).isOne();
    List<QueryResponse> parts =
        NodeFixture.await(node.call(ObservationServiceGrpcClient.Query, List.of(of("F").build())));
    StringBuilder marks = new StringBuilder();
    for (QueryResponse part : parts) {
      if (part.hasBatch()) {
        for (int row = 0; row < part.getBatch().getRows(); row++) {
          marks.append(
              part.getBatch().getFlags().isEmpty() ? 0 : part.getBatch().getFlags().byteAt(row));
        }
      }
    }
    assertThat(marks).hasToString("01");
  }

  @Test
  void corrections_that_land_while_compactions_run_survive_them() {
    for (int round = 0; round < ROUNDS; round++) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(row("C" + i % 50, TEN_OCLOCK + 2 * YEAR + i / 50 * MINUTE, "TMPF", round + ".00"));
      }
      node.put(OracleWorld.file(List.of("TMPF"), rows));
      List<Future<CompactResponse>> compactions = List.of(node.compacting(), node.compacting());
      int corrections = 0;
      while (!compactions.stream().allMatch(Future::isComplete) || corrections < 3) {
        String value = (round * 1_000 + corrections) + ".50";
        PutResponse answer = put("C7", TEN_OCLOCK + 2 * YEAR, "TMPF", value);
        assertThat(answer.getCorrected()).as("round %d", round).isOne();
        assertThat(answer.getStored()).as("round %d", round).isZero();
        corrections++;
      }
      compactions.forEach(NodeFixture::await);
      String last = "TMPF=" + (round * 1_000 + corrections - 1) + ".50";
      var query =
          QueryRequest.newBuilder()
              .setSelection(
                  Selection.newBuilder()
                      .addStations("C7")
                      .setFromUs(TEN_OCLOCK + 2 * YEAR)
                      .setToUs(TEN_OCLOCK + 2 * YEAR + MINUTE));
      assertThat(one(query)).as("round %d", round).contains(last);
      node.compact();
      assertThat(one(query)).as("round %d, compacted", round).contains(last);
    }
    assertThat(node.count(of("C8"))).isEqualTo(ROWS / 50);
  }

  @Test
  void a_reader_that_has_stopped_reading_holds_no_put_back_that_needs_what_is_removed() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS_READ; i++) {
      rows.add(
          row(
              "G" + i % 100,
              TEN_OCLOCK - YEAR + i / 100 * MINUTE,
              "TMPF",
              i * 7_919L % 9_973 + ".00"));
    }
    byte[] file = OracleWorld.file(List.of("TMPF"), rows);
    assertThat(node.put(file).getStored()).isEqualTo(ROWS_READ);
    // A second run for each of its days, so that compaction makes garbage of the first.
    put("G1", TEN_OCLOCK - YEAR, "RELH", "1.00");
    put("G1", TEN_OCLOCK - YEAR + 1_499 * MINUTE, "RELH", "1.00");
    // On a connection of its own: what it leaves unread stops whatever shares it.
    try (var client = new NodeFixture(node.port())) {
      stalled(client.stalled(QueryRequest.getDefaultInstance()), file);
    }
  }

  private static void stalled(NodeFixture.Stalled reader, byte[] file) {
    var range = Selection.newBuilder().setFromUs(TEN_OCLOCK - YEAR).setToUs(TEN_OCLOCK - YEAR / 2);
    node.delete(DeleteRequest.newBuilder().setSelection(range).build());
    node.compact();
    // The same bytes as before: the chunk that only the reader still needs.
    assertThat(node.put(file).getStored()).isEqualTo(ROWS_READ);
    node.compact();
    assertThat(reader.rest()).as("rows of the reader").isGreaterThanOrEqualTo(ROWS_READ);
    node.compact();
    assertThat(node.count(QueryRequest.newBuilder().setSelection(range))).isEqualTo(ROWS_READ);
  }

  private static QueryRequest.Builder of(String station) {
    return QueryRequest.newBuilder().setSelection(Selection.newBuilder().addStations(station));
  }

  private static String one(QueryRequest.Builder query) {
    List<String> rows = node.rows(query.build());
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private static List<Long> commits(QueryRequest query) {
    List<Long> commits = new ArrayList<>();
    for (QueryResponse part :
        NodeFixture.await(node.call(ObservationServiceGrpcClient.Query, List.of(query)))) {
      commits.addAll(part.getBatch().getCommitList());
    }
    return commits;
  }

  private static PutResponse put(String station, long time, String label, String value) {
    return node.put(OracleWorld.file(List.of(label), List.of(row(station, time, label, value))));
  }

  private static Row row(String station, long time, String label, String value) {
    return new Row(new Key("1", station, time), Map.of(label, value));
  }
}
