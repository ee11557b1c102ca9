package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mesohub.grpc.PublicPort.await;
import static org.mesohub.grpc.PublicPort.eventually;

import com.google.protobuf.ByteString;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.api.PutOptions;
import org.mesohub.catalog.DayEntry;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.Condition;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.RejectsRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.Source;
import org.mesohub.proto.v1.StationsRequest;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.query.Query;
import org.mesohub.store.RejectStore.Rejected;

class ObservationApiIT {
  PublicPort port;

  @BeforeEach
  void open() throws Exception {
    port = made();
  }

  /** The port that is called. */
  PublicPort made() throws Exception {
    return PublicPort.open();
  }

  @AfterEach
  void close() throws Exception {
    port.close();
  }

  private static PutRequest header(PutHeader.Builder header) {
    return PutRequest.newBuilder().setHeader(header).build();
  }

  private static PutRequest data(String text) {
    return PutRequest.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
  }

  private static PutRequest batch(ObservationBatch rows) throws Exception {
    return PutRequest.parseFrom(BatchCodec.putRequest(rows));
  }

  private static PutRequest mesowestHeader() {
    return header(
        PutHeader.newBuilder().addAllColumns(BatchCodec.columnsOf(VariableDictionary.mesowest())));
  }

  private static ObservationBatch rows(QueryResponse message, List<Column> columns) {
    return AnswerMessage.read(message.toByteArray()).batch(columns).rows();
  }

  @Test
  void putsTheBytesOfAFile() throws Exception {
    port.node.outcome = FakeNode.outcome(10, 2, 1, 1);
    var outcome =
        port.call(
            ObservationServiceGrpcClient.Put,
            header(
                PutHeader.newBuilder()
                    .setSource("f.gz")
                    .setLicence("CC0-1.0")
                    .setDefaultNetwork("8")
                    .setFormat("mesowest")
                    .setDryRun(true)
                    .setToken(PutToken.newBuilder().setClient("c").setSequence(4))),
            data("ab"),
            data("c"));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    var response = outcome.responses().get(0);
    assertThat(
            List.of(
                response.getStored(),
                response.getUnchanged(),
                response.getCorrected(),
                response.getRejected(),
                response.getFuture(),
                response.getCommit(),
                response.getStations(),
                response.getDays()))
        .containsExactly(10L, 2L, 1L, 1L, 1L, 42L, 2L, 1L);
    assertThat(response.getPutId()).isEqualTo("PUT1");
    assertThat(response.getFormat()).isEqualTo("mesowest");
    assertThat(response.getFirstRejects(0).getReason()).isEqualTo("no time");
    FakeNode.Put put = port.node.puts.get(0);
    assertThat(put.options)
        .isEqualTo(
            new PutOptions(
                new PutOptions.Token("c", 4),
                "f.gz",
                "CC0-1.0",
                "8",
                "mesowest",
                true,
                "anonymous"));
    assertThat(put.bytes).containsExactly("ab".getBytes(), "c".getBytes());
  }

  /** More messages wait than the server queues, and the end of the stream behind them. */
  @Test
  void aPutThatEndsWhileMessagesWaitArrivesWhole() throws Exception {
    Promise<Void> gate = Promise.promise();
    port.node.gate = gate.future();
    int pieces = 50;
    var messages = new PutRequest[pieces + 1];
    messages[0] = header(PutHeader.newBuilder());
    for (int i = 1; i <= pieces; i++) {
      messages[i] = data("piece " + i);
    }
    port.vertx.setTimer(300, timer -> gate.complete());
    var outcome = port.call(ObservationServiceGrpcClient.Put, messages);
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    FakeNode.Put put = port.node.puts.get(0);
    assertThat(put.bytes).hasSize(pieces);
    assertThat(put.finished).isTrue();
    assertThat(put.overlapped).isFalse();
  }

  @Test
  void putsColumnBatchesLargeAndSmall() throws Exception {
    ObservationBatch large = RandomBatches.mesowest(new Random(1), 20_000, 0);
    ObservationBatch small = RandomBatches.mesowest(new Random(2), 3, 0);
    var outcome =
        port.call(
            ObservationServiceGrpcClient.Put,
            mesowestHeader(),
            batch(large),
            batch(small),
            batch(large));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    List<ObservationBatch> rows = port.node.puts.get(0).rows;
    assertThat(rows).extracting(ObservationBatch::rows).containsExactly(20_000, 3, 20_000);
    assertThat(BatchText.of(rows.get(0))).isEqualTo(BatchText.of(large));
    assertThat(BatchText.of(rows.get(1))).isEqualTo(BatchText.of(small));
  }

  private void refused(String part, PutRequest... messages) throws Exception {
    var outcome = port.call(ObservationServiceGrpcClient.Put, messages);
    assertThat(outcome.status()).as(part).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    assertThat(outcome.message()).contains(part);
    for (FakeNode.Put put : port.node.puts) {
      assertThat(put.finished).isFalse();
      eventually("cancelled", () -> put.cancelled);
    }
  }

  @Test
  void refusesStreamsThatBreakTheProtocol() throws Exception {
    PutRequest plain = header(PutHeader.newBuilder());
    refused("the put is empty", plain);
    PutRequest rows = batch(RandomBatches.mesowest(new Random(1), 3, 0));
    PutRequest manyRows = batch(RandomBatches.mesowest(new Random(1), 5_000, 0));
    refused("before the header");
    refused("first message", data("x"));
    refused("first message", manyRows);
    refused("a second one", plain, plain);
    refused("held none", plain, PutRequest.getDefaultInstance());
    refused("one kind", mesowestHeader(), rows, data("x"));
    refused("one kind", mesowestHeader(), data("x"), manyRows);
    refused("batch.columns", plain, rows);
    refused("batch.columns", plain, manyRows);
    refused("at most 1048576", plain, data("x".repeat(1024 * 1024 + 1)));
    refused("header.source", header(PutHeader.newBuilder().setSource("x".repeat(257))));
    refused("header.token.client", header(PutHeader.newBuilder().setToken(PutToken.newBuilder())));
    refused(
        "header.token.sequence",
        header(
            PutHeader.newBuilder().setToken(PutToken.newBuilder().setClient("c").setSequence(-1))));
    refused(
        "columns[1]",
        header(
            PutHeader.newBuilder()
                .addAllColumns(
                    BatchCodec.columnsOf(
                        List.of(Column.decimal("a", 0, "K"), Column.decimal("a", 0, "K"))))));
  }

  @Test
  void refusesWhatIsNoProtobuf() throws Exception {
    var outcome =
        port.call(PublicPort.raw("mesohub.v1.ObservationService", "Put"), Buffer.buffer("garbage"));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    assertThat(outcome.message()).contains("cannot be read");
  }

  @Test
  void unaryMethodsTakeExactlyOneMessage() throws Exception {
    var method = PublicPort.raw("mesohub.v1.ObservationService", "Status");
    assertThat(port.call(method).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    port.node.answerGate = Promise.<Void>promise().future();
    assertThat(port.call(method, Buffer.buffer(), Buffer.buffer()).status())
        .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
  }

  @Test
  void unpacksGzipMessagesButNotWithoutLimit() throws Exception {
    var request = port.request(ObservationServiceGrpcClient.Put);
    request.encoding("gzip");
    var outcome = PublicPort.call(request, List.of(header(PutHeader.newBuilder()), data("hello")));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(port.node.puts.get(0).bytes.get(0)).isEqualTo("hello".getBytes());
    var bomb = port.request(PublicPort.raw("mesohub.v1.ObservationService", "Put"));
    bomb.encoding("gzip");
    var refused = PublicPort.call(bomb, List.of(Buffer.buffer(new byte[64 * 1024 * 1024])));
    assertThat(refused.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
  }

  @Test
  void sendsHeaderThenBatchesThenTheCommit() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    ObservationBatch first = RandomBatches.mesowest(new Random(1), 8_192, 0);
    ObservationBatch second = RandomBatches.mesowest(new Random(2), 10, 0);
    port.node.batches = List.of(first, second);
    var outcome =
        port.call(
            ObservationServiceGrpcClient.Query,
            QueryRequest.newBuilder()
                .setSelection(
                    Selection.newBuilder()
                        .setFromUs(1_000)
                        .setToUs(2_000)
                        .addStations("1/KSLC")
                        .addNetworks("8")
                        .addWhere(
                            Condition.newBuilder()
                                .setVariable("TMPF")
                                .setOp(Condition.Op.GT)
                                .addValues("0")))
                .addVariables("TMPF")
                .setLimit(5)
                .setAsOfCommit(3)
                .build());
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(outcome.trailers().get("mesohub-commit")).isEqualTo("42");
    List<QueryResponse> messages = outcome.responses();
    assertThat(messages).hasSize(4);
    assertThat(messages.get(3).getEnd().getSourcesList())
        .extracting(Source::getSource, Source::getLicence)
        .containsExactly(tuple("mesonet.gz", "CC-BY-4.0"));
    var header = messages.get(0).getHeader();
    assertThat(header.getCommit()).isEqualTo(42);
    assertThat(header.getColumns(3).getLabel()).isEqualTo("TMPF");
    assertThat(header.getColumns(3).getCfName()).isEqualTo("air_temperature");
    List<Column> columns = BatchCodec.columns(header.getColumnsList());
    assertThat(columns).isEqualTo(VariableDictionary.mesowest());
    assertThat(BatchText.of(rows(messages.get(1), columns))).isEqualTo(BatchText.of(first));
    assertThat(BatchText.of(rows(messages.get(2), columns))).isEqualTo(BatchText.of(second));
    Query query = port.node.queries.get(0);
    assertThat(query.selection().range()).isEqualTo(new TimeRange(1_000, 2_000));
    assertThat(query.variables()).containsExactly("TMPF");
    assertThat(query.units()).isEqualTo("source");
    assertThat(query.limit()).isEqualTo(5);
    assertThat(query.asOfCommit()).isEqualTo(3);
    assertThat(port.node.streams.get(0).closed).isTrue();
  }

  @Test
  void countsWithoutBatches() throws Exception {
    var outcome =
        port.call(
            ObservationServiceGrpcClient.Query,
            QueryRequest.newBuilder().setCountOnly(true).build());
    assertThat(outcome.responses()).hasSize(1);
    assertThat(outcome.responses().get(0).getHeader().getCount()).isEqualTo(7);
    assertThat(outcome.trailers().get("mesohub-commit")).isEqualTo("42");
    assertThat(port.node.queries).isEmpty();
  }

  @Test
  void anAnswerThatBreaksEndsWithAStatusAfterItsBatches() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches = List.of(RandomBatches.mesowest(new Random(1), 10, 0));
    port.node.failAfter = 1;
    var outcome = port.call(ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance());
    assertThat(outcome.status()).isEqualTo(GrpcStatus.INTERNAL);
    assertThat(outcome.message()).contains("reference").doesNotContain("on purpose");
    assertThat(outcome.responses()).hasSize(2);
    assertThat(port.node.streams.get(0).closed).isTrue();
  }

  @Test
  void aSlowReaderHoldsTheServerBackAndLeavingClosesTheAnswer() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches =
        Collections.nCopies(10_000, RandomBatches.mesowest(new Random(1), 8_192, 0));
    var request = port.request(ObservationServiceGrpcClient.Query);
    var paused =
        request.response().map(r -> (GrpcClientResponse<QueryRequest, QueryResponse>) r.pause());
    request.end(QueryRequest.getDefaultInstance());
    await(paused);
    FakeNode.Stream stream = port.node.streams.get(0);
    int before;
    do {
      before = stream.handedOut.get();
      Thread.sleep(300);
    } while (stream.handedOut.get() != before);
    assertThat(before).isLessThan(100);
    request.cancel();
    eventually("answer is closed", () -> stream.closed);
    assertThat(stream.handedOut.get()).isLessThan(200);
  }

  @Test
  void aLostConnectionClosesTheAnswerAndCancelsThePut() throws Exception {
    port.node.answerGate = Promise.<Void>promise().future();
    var query = port.request(ObservationServiceGrpcClient.Status);
    query.end(StatusRequest.getDefaultInstance());
    port.node.answerGate = null;
    var put = port.request(ObservationServiceGrpcClient.Put);
    put.write(header(PutHeader.newBuilder()));
    eventually("put began", () -> !port.node.puts.isEmpty());
    put.connection().close();
    eventually("put is cancelled", () -> port.node.puts.get(0).cancelled);
    eventually(
        "nothing in flight", () -> port.registry.scrape().contains("mesohub_grpc_in_flight 0.0"));
  }

  @Test
  void deadlinesEndCallsAndSayWhatToDo() throws Exception {
    port.node.answerGate = Promise.<Void>promise().future();
    var put = port.request(ObservationServiceGrpcClient.Put);
    put.timeout(200, TimeUnit.MILLISECONDS);
    var outcome = PublicPort.call(put, List.of(header(PutHeader.newBuilder()), data("x")));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
    assertThat(outcome.message()).contains("same token");
    eventually("put is cancelled", () -> port.node.puts.get(0).cancelled);
    var query = port.request(ObservationServiceGrpcClient.Query);
    query.timeout(200, TimeUnit.MILLISECONDS);
    assertThat(PublicPort.call(query, List.of(QueryRequest.getDefaultInstance())).status())
        .isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
  }

  @Test
  void anAnswerThatComesAfterTheDeadlineIsClosed() throws Exception {
    Promise<Void> gate = Promise.promise();
    port.node.answerGate = gate.future();
    var query = port.request(ObservationServiceGrpcClient.Query);
    query.timeout(100, TimeUnit.MILLISECONDS);
    PublicPort.call(query, List.of(QueryRequest.getDefaultInstance()));
    gate.complete();
    eventually("answer is closed", () -> port.node.streams.get(0).closed);
    assertThat(port.node.streams.get(0).handedOut.get()).isZero();
  }

  @Test
  void everyExpectedFailureArrivesWithItsMessage() throws Exception {
    for (ApiException.Reason reason : ApiException.Reason.values()) {
      port.node.failure = new ApiException(reason, "because of " + reason + ", é");
      var outcome =
          port.call(ObservationServiceGrpcClient.Put, header(PutHeader.newBuilder()), data("x"));
      assertThat(outcome.status()).isEqualTo(Statuses.grpc(reason));
      String told =
          java.net.URLDecoder.decode(outcome.message(), java.nio.charset.StandardCharsets.UTF_8);
      if (reason == ApiException.Reason.INTERNAL) {
        // What went wrong inside is for the log; the client gets a reference to find it by.
        assertThat(told).matches("internal error, reference [0-9a-f]{8}: .*");
      } else {
        assertThat(told).isEqualTo("because of " + reason + ", é");
      }
    }
  }

  @Test
  void refusesQueriesThatSayNothingSensible() throws Exception {
    for (QueryRequest bad :
        List.of(
            QueryRequest.newBuilder().setUnits("kelvin").build(),
            QueryRequest.newBuilder().setLimit(-1).build(),
            QueryRequest.newBuilder().setAsOfCommit(-1).build(),
            where(Condition.newBuilder().setVariable("TMPF").addValues("1")),
            where(Condition.newBuilder().setVariable("TMPF").setOp(Condition.Op.EQ)),
            where(Condition.newBuilder().setVariable("TMPF").setOp(Condition.Op.IN)),
            where(Condition.newBuilder().setOp(Condition.Op.EQ).addValues("1")),
            QueryRequest.newBuilder()
                .setSelection(Selection.newBuilder().addStations("1/"))
                .build(),
            QueryRequest.newBuilder()
                .setSelection(
                    Selection.newBuilder()
                        .setBbox(
                            org.mesohub.proto.v1.BoundingBox.newBuilder().setSouth(2).setNorth(1)))
                .build())) {
      var outcome = port.call(ObservationServiceGrpcClient.Query, bad);
      assertThat(outcome.status()).as("%s", bad).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }
    assertThat(port.node.queries).isEmpty();
  }

  private static QueryRequest where(Condition.Builder condition) {
    return QueryRequest.newBuilder()
        .setSelection(Selection.newBuilder().addWhere(condition))
        .build();
  }

  @Test
  void deletesByTimeStationAndNetworkOnly() throws Exception {
    var good = DeleteRequest.newBuilder().setSelection(Selection.newBuilder().addNetworks("8"));
    var outcome = port.call(ObservationServiceGrpcClient.Delete, good.build());
    assertThat(outcome.responses().get(0).getDeleted()).isEqualTo(5);
    assertThat(port.node.deletes).hasSize(1);
    for (DeleteRequest bad :
        List.of(
            DeleteRequest.getDefaultInstance(),
            DeleteRequest.newBuilder().setSelection(Selection.newBuilder()).build(),
            DeleteRequest.newBuilder()
                .setSelection(
                    Selection.newBuilder()
                        .setBbox(org.mesohub.proto.v1.BoundingBox.newBuilder().setEast(1)))
                .build(),
            DeleteRequest.newBuilder()
                .setSelection(
                    Selection.newBuilder()
                        .addWhere(
                            Condition.newBuilder()
                                .setVariable("TMPF")
                                .setOp(Condition.Op.EQ)
                                .addValues("1")))
                .build())) {
      assertThat(port.call(ObservationServiceGrpcClient.Delete, bad).status())
          .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }
    assertThat(port.node.deletes).hasSize(1);
  }

  @Test
  void answersTheSmallMethods() throws Exception {
    var days =
        port.call(ObservationServiceGrpcClient.Days, DaysRequest.getDefaultInstance())
            .responses()
            .get(0);
    assertThat(days.getDays(0).getDay()).isEqualTo("2012-02-01");
    assertThat(days.getDays(0).getRows()).isEqualTo(9);
    assertThat(days.getDays(0).getNetworksList()).containsExactly("1", "8");
    var status =
        port.call(ObservationServiceGrpcClient.Status, StatusRequest.getDefaultInstance())
            .responses()
            .get(0);
    assertThat(status.getNode()).isEqualTo("n2");
    assertThat(status.getListeningList()).containsExactly("127.0.0.1");
    var compact =
        port.call(ObservationServiceGrpcClient.Compact, CompactRequest.getDefaultInstance())
            .responses()
            .get(0);
    assertThat(compact.getBytesAfter()).isEqualTo(5);
    port.node.rejects = List.of(new Rejected("P", "f", 3, "bad", "row", 9));
    var rejects =
        port.call(ObservationServiceGrpcClient.Rejects, RejectsRequest.getDefaultInstance())
            .responses()
            .get(0);
    assertThat(rejects.getRejects(0).getLine()).isEqualTo(3);
    assertThat(
            port.call(
                    ObservationServiceGrpcClient.Rejects,
                    RejectsRequest.newBuilder().setLimit(5_000).build())
                .status())
        .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    var latest = port.call(ObservationServiceGrpcClient.Latest, LatestRequest.getDefaultInstance());
    assertThat(latest.status()).isEqualTo(GrpcStatus.OK);
    assertThat(latest.responses().get(0).hasHeader()).isTrue();
  }

  @Test
  void sendsDaysInMessagesThatClientsTakeHoweverManyThereAre() throws Exception {
    var networks = new java.util.TreeSet<String>();
    for (int i = 0; i < 300; i++) {
      networks.add("network-" + i);
    }
    var days = new ArrayList<java.util.Map.Entry<Day, DayEntry>>();
    for (int i = 0; i < 3_000; i++) {
      days.add(FakeNode.day(i, networks));
    }
    port.node.days = days;
    var outcome = port.call(ObservationServiceGrpcClient.Days, DaysRequest.getDefaultInstance());
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(outcome.responses()).allMatch(part -> part.getSerializedSize() < 2 << 20);
    var got = new ArrayList<String>();
    outcome.responses().forEach(part -> part.getDaysList().forEach(day -> got.add(day.getDay())));
    assertThat(got)
        .containsExactlyElementsOf(days.stream().map(day -> day.getKey().toString()).toList());
  }

  @Test
  void sendsStationsByTheThousand() throws Exception {
    port.node.stations = FakeNode.manyStations(2_500);
    var outcome =
        port.call(ObservationServiceGrpcClient.Stations, StationsRequest.getDefaultInstance());
    var sizes = new ArrayList<Integer>();
    outcome.responses().forEach(r -> sizes.add(r.getStationsCount()));
    assertThat(sizes).containsExactly(1_000, 1_000, 500);
    assertThat(outcome.responses().get(2).getStations(499).getStation().getId()).isEqualTo("S2499");
  }
}
