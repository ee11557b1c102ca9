package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.grpc.common.GrpcStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.config.NodeConfig;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.DatFragment;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;
import org.mesohub.proto.v1.Cells;
import org.mesohub.proto.v1.Column;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.Station;

/** What a whole node does with input that is broken, huge or in tiny pieces, and goes on after. */
class BadInputIT {
  private static final long TEN_OCLOCK = 1_521_194_400_000_000L;
  private static final long MINUTE = 60_000_000L;
  private static final int PIECE = 1 << 20;

  /** Puts spill after 16,384 rows. */
  private static final NodeConfig.Limits LIMITS =
      new NodeConfig.Limits(1L << 40, 16, 16, 4L << 20, 64L << 20);

  @TempDir static Path folder;
  private static NodeFixture node;

  @BeforeAll
  static void start() {
    node = new NodeFixture(folder, LIMITS);
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @Test
  void values_that_are_no_numbers_are_rejected_by_line_and_the_rows_around_stored() {
    List<String> bad = List.of("NaN", "inf", "-Inf", "1e400", "0x1F", "1,5", "--1", "9e999999");
    List<Row> rows = new ArrayList<>();
    rows.add(row("V", 0, "1.00"));
    bad.forEach(value -> rows.add(row("V", rows.size(), value)));
    rows.add(row("V", rows.size(), "2.00"));
    PutResponse answer = node.put(OracleWorld.file(List.of("TMPF"), rows));
    assertThat(answer.getStored()).isEqualTo(2);
    assertThat(answer.getRejected()).isEqualTo(bad.size());
    for (int i = 0; i < bad.size(); i++) {
      assertThat(answer.getFirstRejects(i).getLine()).as(bad.get(i)).isEqualTo(6L + i);
      assertThat(answer.getFirstRejects(i).getReason()).as(bad.get(i)).isNotEmpty();
    }
    assertThat(count("V")).isEqualTo(2);
  }

  @Test
  void dates_out_of_range_are_rejected_in_files_and_refused_in_batches() {
    String text =
        new String(
            OracleWorld.file(List.of("TMPF"), List.of(row("D", 0, "1.00"))),
            StandardCharsets.US_ASCII);
    for (String date :
        List.of(
            "20180230/0100",
            "20190229/0000",
            "20180316/2400",
            "20180316/0060",
            "20181301/0000",
            "00000000/0000",
            "2018-316/0000")) {
      PutResponse answer =
          node.put(text.replaceAll("20180316/\\d{4}", date).getBytes(StandardCharsets.US_ASCII));
      assertThat(answer.getRejected()).as(date).isOne();
      assertThat(answer.getStored() + answer.getCorrected()).as(date).isZero();
    }
    for (long time : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 2}) {
      var batch =
          ColumnBatch.newBuilder()
              .setRows(1)
              .addStations(Station.newBuilder().setNetwork("1").setId("D"))
              .addStation(0)
              .addTimeDeltaUs(time);
      assertThat(status(put(batch))).as("time %d", time).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }
    assertThat(count("D")).isZero();
    serves();
  }

  private static List<PutRequest> put(ColumnBatch.Builder batch) {
    return List.of(
        PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build(),
        PutRequest.newBuilder().setBatch(batch).build());
  }

  private static GrpcStatus status(List<PutRequest> messages) {
    try {
      NodeFixture.await(node.call(ObservationServiceGrpcClient.Put, messages));
      return GrpcStatus.OK;
    } catch (NodeFixture.Refused e) {
      return e.status;
    }
  }

  @Test
  void empty_input_is_refused_and_says_so() {
    List<PutRequest> empty =
        List.of(
            PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build(),
            PutRequest.newBuilder().setData(ByteString.EMPTY).build());
    assertThat(status(empty)).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    assertThat(status(empty.subList(0, 1))).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    assertThat(status(put(ColumnBatch.newBuilder()))).isEqualTo(GrpcStatus.OK);
    serves();
  }

  @Test
  void a_line_of_300_megabytes_is_one_reject_between_good_rows() {
    longLine(300, "M");
  }

  @Test
  @Tag("slow")
  void a_line_of_more_than_2_gigabytes_is_one_reject_between_good_rows() {
    longLine(2_100, "G");
  }

  private static void longLine(int megabytes, String station) {
    byte[] file =
        OracleWorld.file(
            List.of("TMPF"), List.of(row(station, 0, "1.00"), row(station, 1, "2.00")));
    int last = new String(file, StandardCharsets.US_ASCII).lastIndexOf(station) - 8;
    while (file[last] != '\n') {
      last--;
    }
    byte[] head = java.util.Arrays.copyOf(file, last + 1);
    byte[] tail = java.util.Arrays.copyOfRange(file, last, file.length);
    byte[] middle = "x".repeat(PIECE).getBytes(StandardCharsets.US_ASCII);
    Iterator<byte[]> pieces =
        IntStream.range(-1, megabytes + 1)
            .mapToObj(i -> i < 0 ? head : i < megabytes ? middle : tail)
            .iterator();
    PutResponse answer = NodeFixture.await(node.putting(pieces));
    assertThat(answer.getStored()).isEqualTo(2);
    assertThat(answer.getRejected()).isOne();
    assertThat(answer.getFirstRejects(0).getText()).startsWith("xxxx").hasSizeLessThan(600);
    assertThatThrownBy(
            () -> NodeFixture.await(node.putting(Collections.nCopies(20, middle).iterator())))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class,
            e -> assertThat(e.status).isEqualTo(GrpcStatus.INVALID_ARGUMENT));
    serves();
  }

  @Test
  void a_client_that_goes_away_leaves_no_rows_and_no_files() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(row("A" + i % 100, i / 100, "1.00"));
    }
    byte[] file = OracleWorld.file(List.of("TMPF"), rows);
    try (var client = new NodeFixture(node.port())) {
      int records = new String(file, StandardCharsets.US_ASCII).indexOf("\n      A") + 1;
      byte[] again = java.util.Arrays.copyOfRange(file, records, file.length);
      client.putting(Stream.iterate(file, before -> again).iterator()); // without an end
      eventually("rows are spilled", () -> spilled() > 0);
    }
    eventually("nothing is left", () -> spilled() == 0);
    assertThat(count("A1")).isZero();
    PutResponse answer = node.put(file);
    assertThat(answer.getStored()).isEqualTo(rows.size());
    eventually("the files of the put are gone", () -> spilled() == 0);
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void eventually(String what, Check check) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!check.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static long spilled() throws Exception {
    try (var files = Files.list(folder.resolve("spill"))) {
      return files.count();
    }
  }

  @Test
  void messages_over_the_limit_are_refused_by_both_services() {
    List<PutRequest> large =
        List.of(
            PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build(),
            PutRequest.newBuilder().setData(ByteString.copyFrom(new byte[(1 << 20) + 1])).build());
    assertThat(status(large)).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    List<PutRequest> huge =
        List.of(
            large.get(0),
            PutRequest.newBuilder().setData(ByteString.copyFrom(new byte[8 << 20])).build());
    assertThat(status(huge)).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
    assertThatThrownBy(() -> contract(List.of(" ".repeat(8 << 20))))
        .isInstanceOfSatisfying(
            NodeFixture.Refused.class,
            e -> assertThat(e.status).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED));
    serves();
  }

  @Test
  void ten_thousand_tiny_messages_are_one_put_while_the_node_says_it_is_ready() throws Exception {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      messages.add(csv("T" + i % 50, i / 50, i % 70));
    }
    Future<Response> answer = contracting(messages);
    var http = HttpClient.newHttpClient();
    var ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/health/ready"))
            .build();
    do {
      assertThat(http.send(ready, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    } while (!answer.isComplete());
    assertThat(NodeFixture.await(answer).getCode()).isEqualTo(StatusCode.Ok);
    assertThat(answer.result().getMsg()).contains("10000 stored");
    assertThat(count("T7")).isEqualTo(200);
  }

  @Test
  void the_same_rows_in_other_messages_or_as_columns_are_unchanged_and_cost_nothing() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      rows.add(csv("U" + i % 60, i / 60, i % 70));
    }
    assertThat(contract(rows).getMsg()).contains("6000 stored");
    long bytes = RealFileIT.chunkBytes(node);
    var random = new java.util.Random(5);
    Collections.shuffle(rows, random);
    List<String> odd = new ArrayList<>();
    while (!rows.isEmpty()) {
      List<String> some = rows.subList(0, Math.min(rows.size(), 1 + random.nextInt(900)));
      odd.add(String.join(random.nextBoolean() ? "\r\n" : "\n", some));
      some.clear();
    }
    odd.add("");
    odd.add("\n\n");
    assertThat(contract(odd).getMsg()).contains("0 stored, 6000 unchanged, 0 corrected, 0 rej");

    List<PutRequest> batches = new ArrayList<>();
    var selection = Selection.newBuilder();
    IntStream.range(0, 60).forEach(i -> selection.addStations("U" + i));
    NodeFixture.await(
            node.call(
                ObservationServiceGrpcClient.Query,
                List.of(QueryRequest.newBuilder().setSelection(selection).build())))
        .forEach(
            part -> {
              if (part.hasHeader()) {
                var header = PutHeader.newBuilder();
                part.getHeader()
                    .getColumnsList()
                    .forEach(
                        c -> header.addColumns(Column.newBuilder(c).clearLabel().clearCfName()));
                batches.add(PutRequest.newBuilder().setHeader(header).build());
              } else if (part.hasBatch()) {
                batches.add(PutRequest.newBuilder().setBatch(part.getBatch()).build());
              }
            });
    PutResponse answer =
        NodeFixture.await(node.call(ObservationServiceGrpcClient.Put, batches)).get(0);
    assertThat(answer.getUnchanged()).isEqualTo(6_000);
    assertThat(answer.getStored() + answer.getCorrected() + answer.getRejected()).isZero();
    assertThat(RealFileIT.chunkBytes(node)).isLessThan(bytes + bytes / 100);
  }

  @Test
  void column_batches_that_contradict_themselves_are_refused() {
    var one = Station.newBuilder().setNetwork("1").setId("B");
    var good =
        ColumnBatch.newBuilder()
            .setRows(1)
            .addStations(one)
            .addStation(0)
            .addTimeDeltaUs(TEN_OCLOCK);
    for (ColumnBatch.Builder bad :
        List.of(
            good.clone().setRows(2),
            good.clone().setRows(-1),
            good.clone().setStation(0, 7),
            good.clone().addStation(0),
            good.clone()
                .addColumns(Cells.newBuilder().setState(ByteString.copyFrom(new byte[] {0}))),
            good.clone().setStations(0, Station.getDefaultInstance()))) {
      assertThat(status(put(bad))).as("%s", bad).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }
    assertThat(count("B")).isZero();
    serves();
  }

  private static Response contract(List<String> messages) {
    return NodeFixture.await(contracting(messages));
  }

  private static Future<Response> contracting(List<String> messages) {
    List<Request> requests =
        messages.stream()
            .map(
                text ->
                    Request.newBuilder()
                        .setPutRequest(
                            org.mesohub.proto.contract.PutRequest.newBuilder()
                                .setDatFragment(
                                    DatFragment.newBuilder()
                                        .setData(ByteString.copyFromUtf8(text))))
                        .build())
            .toList();
    return node.call(CommunicationServiceGrpcClient.putHandler, requests).map(all -> all.get(0));
  }

  /** A row of the contract's CSV. */
  private static String csv(String station, int minute, int value) {
    return "%s,2018-03-16 %02d:%02d:00,8,40.50,-111.90,1288,%d.25,55,,,,,,,,"
        .formatted(station, minute / 60, minute % 60, value);
  }

  /** The node takes and gives a row. */
  private static void serves() {
    assertThat(
            node.put(OracleWorld.file(List.of("TMPF"), List.of(row("OK", 0, "1.00"))))
                .getRejected())
        .isZero();
    assertThat(count("OK")).isOne();
  }

  private static long count(String station) {
    return node.count(
        QueryRequest.newBuilder().setSelection(Selection.newBuilder().addStations(station)));
  }

  private static Row row(String station, int minute, String value) {
    return new Row(new Key("1", station, TEN_OCLOCK + minute * MINUTE), Map.of("TMPF", value));
  }
}
