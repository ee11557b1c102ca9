package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.grpc.PublicPort.await;
import static org.mesohub.grpc.PublicPort.eventually;

import com.google.protobuf.ByteString;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.grpc.PublicPort.Outcome;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.DatFragment;
import org.mesohub.proto.contract.EmptyRequest;
import org.mesohub.proto.contract.GetRequest;
import org.mesohub.proto.contract.PutRequest;
import org.mesohub.proto.contract.QueryParams;
import org.mesohub.proto.contract.ReplicationRequest;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;

class ContractServiceIT {
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

  private static Request put(String text) {
    return Request.newBuilder()
        .setPutRequest(
            PutRequest.newBuilder()
                .setDatFragment(DatFragment.newBuilder().setData(ByteString.copyFromUtf8(text))))
        .build();
  }

  private static Request get(String sender, String from, String to, String json) {
    return Request.newBuilder()
        .setFromSender(sender)
        .setGetRequest(
            GetRequest.newBuilder()
                .setQueryParams(
                    QueryParams.newBuilder().setFromUtc(from).setToUtc(to).setParamsJson(json)))
        .build();
  }

  private static Request day(String sender) {
    return get(sender, "2012-02-01 00:00:00", "2012-02-02 00:00:00", "");
  }

  private static Response only(Outcome<Response> outcome) {
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(outcome.responses()).hasSize(1);
    return outcome.responses().get(0);
  }

  @Test
  void pingAnswersOkEvenToAnEmptyRequest() throws Exception {
    Response response =
        only(port.call(CommunicationServiceGrpcClient.ping, Request.getDefaultInstance()));
    assertThat(response.getCode()).isEqualTo(StatusCode.Ok);
  }

  @Test
  void aStreamIsOnePutWithEveryMessageInOrder() throws Exception {
    port.node.outcome = FakeNode.outcome(52_997, 0, 0, 0);
    Response response =
        only(port.call(CommunicationServiceGrpcClient.putHandler, put("a\n"), put("b"), put("")));
    assertThat(response.getCode()).isEqualTo(StatusCode.Ok);
    assertThat(response.getMsg()).isEqualTo("52997 stored, 0 unchanged, 0 corrected, 0 rejected");
    assertThat(port.node.puts).hasSize(1);
    FakeNode.Put put = port.node.puts.get(0);
    assertThat(put.bytes)
        .extracting(b -> new String(b, StandardCharsets.UTF_8))
        .containsExactly("a\n", "b", "");
    assertThat(put.options.principal()).isEqualTo("anonymous");
  }

  @Test
  void anEmptyStreamAnswersOk() throws Exception {
    port.node.outcome = FakeNode.outcome(0, 0, 0, 0);
    assertThat(only(port.call(CommunicationServiceGrpcClient.putHandler)).getCode())
        .isEqualTo(StatusCode.Ok);
  }

  @Test
  void failsOnlyWhenEveryRowWasRejected() throws Exception {
    port.node.outcome = FakeNode.outcome(0, 0, 0, 2);
    Response all = only(port.call(CommunicationServiceGrpcClient.putHandler, put("x")));
    assertThat(all.getCode()).isEqualTo(StatusCode.Failed);
    assertThat(all.getMsg()).contains("2 rejected").contains("line 12: no time").contains("PUT1");
    port.node.outcome = FakeNode.outcome(0, 1, 0, 2);
    assertThat(only(port.call(CommunicationServiceGrpcClient.putHandler, put("x"))).getCode())
        .isEqualTo(StatusCode.Ok);
  }

  @Test
  void aMessageThatIsNoPutFailsTheStreamAndStoresNothing() throws Exception {
    Response response =
        only(port.call(CommunicationServiceGrpcClient.putHandler, put("a"), day("x"), put("b")));
    assertThat(response.getCode()).isEqualTo(StatusCode.Failed);
    assertThat(response.getMsg()).contains("putRequest");
    assertThat(port.node.puts.get(0).cancelled).isTrue();
    assertThat(port.node.puts.get(0).finished).isFalse();
  }

  @Test
  void toleratesMediaTypeDeclaredAsString() throws Exception {
    byte[] metaData = {0x0a, 1, 'u', 0x1a, 4, 't', 'e', 'x', 't'}; // uuid, then field 3 as bytes
    byte[] fragment = {0x12, 2, 'h', 'i'};
    Buffer putRequest =
        Buffer.buffer()
            .appendBytes(new byte[] {0x0a, (byte) metaData.length})
            .appendBytes(metaData)
            .appendBytes(new byte[] {0x12, (byte) fragment.length})
            .appendBytes(fragment);
    Buffer request =
        Buffer.buffer()
            .appendBytes(new byte[] {0x3a, (byte) putRequest.length()})
            .appendBuffer(putRequest);
    var method = PublicPort.raw("grpcComm.CommunicationService", "putHandler");
    Outcome<Buffer> outcome = port.call(method, request);
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(Response.parseFrom(outcome.responses().get(0).getBytes()).getCode())
        .isEqualTo(StatusCode.Ok);
    assertThat(port.node.puts.get(0).bytes.get(0)).isEqualTo("hi".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void acceptsMessagesOfFourMebibytes() throws Exception {
    String text = "x".repeat(4 * 1024 * 1024);
    assertThat(only(port.call(CommunicationServiceGrpcClient.putHandler, put(text))).getCode())
        .isEqualTo(StatusCode.Ok);
    assertThat(port.node.puts.get(0).bytes.get(0)).hasSize(text.length());
  }

  @Test
  void refusesLargerMessagesAndSaysTheLimit() throws Exception {
    var outcome =
        port.call(CommunicationServiceGrpcClient.putHandler, put("x".repeat(5 * 1024 * 1024)));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
    assertThat(outcome.message()).contains(Integer.toString(Inbound.MESSAGE_BYTES_MAX));
    eventually("put is cancelled", () -> port.node.puts.get(0).cancelled);
  }

  @Test
  void takesTenThousandTinyMessages() throws Exception {
    var request = port.request(CommunicationServiceGrpcClient.putHandler);
    for (int i = 0; i < 10_000; i++) {
      request.write(put("row " + i));
    }
    var outcome = PublicPort.outcome(request);
    request.end();
    assertThat(only(await(outcome)).getCode()).isEqualTo(StatusCode.Ok);
    assertThat(port.node.puts.get(0).messageCount.get()).isEqualTo(10_000);
  }

  @Test
  void readsNoFurtherThanThePutTakes() throws Exception {
    Promise<Void> gate = Promise.promise();
    port.node.gate = gate.future();
    var request = port.request(CommunicationServiceGrpcClient.putHandler);
    String text = "x".repeat(1024 * 1024);
    int written = 0;
    while (written < 64 && !request.writeQueueFull()) {
      request.write(put(text));
      written++;
    }
    int queued = written;
    eventually(
        "one message arrived",
        () -> port.node.puts.size() == 1 && port.node.puts.get(0).messageCount.get() == 1);
    Thread.sleep(200);
    assertThat(port.node.puts.get(0).messageCount.get()).as("of %d written", queued).isEqualTo(1);
    port.node.gate = null;
    gate.complete();
    var outcome = PublicPort.outcome(request);
    request.end();
    assertThat(only(await(outcome)).getCode()).isEqualTo(StatusCode.Ok);
    assertThat(port.node.puts.get(0).messageCount.get()).isEqualTo(queued);
    assertThat(port.node.puts.get(0).overlapped).isFalse();
  }

  @Test
  void cancellationStoresNothing() throws Exception {
    var request = port.request(CommunicationServiceGrpcClient.putHandler);
    request.write(put("a"));
    eventually("message arrived", () -> !port.node.puts.isEmpty());
    request.cancel();
    eventually("put is cancelled", () -> port.node.puts.get(0).cancelled);
    assertThat(port.node.puts.get(0).finished).isFalse();
  }

  @Test
  void getSendsCsvOfAtMostTwoThousandRowsWithTheTotal() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches =
        List.of(
            RandomBatches.mesowest(new Random(1), 8_192, 0),
            RandomBatches.mesowest(new Random(2), 100, 0));
    port.node.counted = 8_292;
    var outcome = port.call(CommunicationServiceGrpcClient.getHandler, day("10.0.0.1:3000"));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    int rows = 0;
    for (Response response : outcome.responses()) {
      assertThat(response.getCode()).isEqualTo(StatusCode.Ok);
      assertThat(response.getMetaData().getNumOfFragment()).isEqualTo(8_292);
      assertThat(response.getSerializedSize()).isLessThan(4 * 1024 * 1024);
      String text = response.getDatFragment().getData().toStringUtf8();
      assertThat(text).endsWith("\n");
      List<String> lines = text.lines().toList();
      assertThat(lines).hasSizeBetween(1, ContractGet.ROWS_MAX);
      assertThat(lines).allMatch(line -> line.split(",", -1).length == 16);
      rows += lines.size();
    }
    assertThat(rows).isEqualTo(8_292);
    assertThat(port.node.streams.get(0).closed).isTrue();
  }

  @Test
  void endUsersGetJsonObjects() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches = List.of(RandomBatches.mesowest(new Random(1), 2_001, 0));
    var outcome = port.call(CommunicationServiceGrpcClient.getHandler, day("external-client"));
    assertThat(outcome.responses()).hasSize(2);
    int rows = 0;
    for (Response response : outcome.responses()) {
      var array =
          new io.vertx.core.json.JsonArray(
              "[" + response.getDatFragment().getData().toStringUtf8() + "]");
      rows += array.size();
      assertThat(array.getJsonObject(0).fieldNames())
          .startsWith("STN", "TIMESTAMP", "MNET")
          .endsWith("P24I")
          .hasSize(16);
      assertThat(array.getJsonObject(0).getMap().values())
          .allMatch(value -> value instanceof String);
    }
    assertThat(rows).isEqualTo(2_001);
  }

  @Test
  void noMatchIsOkWithoutAResponse() throws Exception {
    var outcome = port.call(CommunicationServiceGrpcClient.getHandler, day("x"));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(outcome.responses()).isEmpty();
    assertThat(port.node.queries).hasSize(1);
  }

  @Test
  void anEmptyRangeAsksNobody() throws Exception {
    var outcome =
        port.call(
            CommunicationServiceGrpcClient.getHandler,
            get("x", "2012-02-02 00:00:00", "2012-02-02 00:00:00", ""));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(outcome.responses()).isEmpty();
    assertThat(port.node.queries).isEmpty();
  }

  @Test
  void aBadRequestIsOneFailedResponse() throws Exception {
    for (Request bad :
        List.of(
            get("x", "yesterday", "2012-02-02 00:00:00", ""),
            get(
                "x",
                "2012-02-01 00:00:00",
                "2012-02-02 00:00:00",
                "[{\"lhs\":\"NOPE\",\"op\":\"eq\",\"rhs\":\"1\"}]"),
            Request.getDefaultInstance())) {
      Response response = only(port.call(CommunicationServiceGrpcClient.getHandler, bad));
      assertThat(response.getCode()).isEqualTo(StatusCode.Failed);
      assertThat(response.getMsg()).isNotEmpty();
    }
    assertThat(port.node.queries).isEmpty();
  }

  @Test
  void otherFailuresAreStatuses() throws Exception {
    port.node.failure = new ApiException(ApiException.Reason.UNAVAILABLE, "no leader, try again");
    var get = port.call(CommunicationServiceGrpcClient.getHandler, day("x"));
    assertThat(get.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(get.message()).isEqualTo("no leader, try again");
    var put = port.call(CommunicationServiceGrpcClient.putHandler, put("a"));
    assertThat(put.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(port.node.puts.get(0).cancelled).isTrue();
  }

  @Test
  void aSlowReaderHoldsTheServerBack() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches =
        java.util.Collections.nCopies(200, RandomBatches.mesowest(new Random(1), 8_192, 0));
    port.node.counted = 200L * 8_192;
    var request = port.request(CommunicationServiceGrpcClient.getHandler);
    var paused =
        request
            .response()
            .map(r -> (io.vertx.grpc.client.GrpcClientResponse<Request, Response>) r.pause());
    request.end(day("x"));
    var response = await(paused);
    FakeNode.Stream stream = port.node.streams.get(0);
    int before;
    do {
      before = stream.handedOut.get();
      Thread.sleep(300);
    } while (stream.handedOut.get() != before);
    assertThat(before).isLessThan(20);
    var outcome = PublicPort.collect(response);
    response.resume();
    long rows =
        await(outcome).responses().stream()
            .mapToLong(r -> r.getDatFragment().getData().toStringUtf8().lines().count())
            .sum();
    assertThat(rows).isEqualTo(200L * 8_192);
  }

  @Test
  void theMonitoringLoopGetsItsAnswers() throws Exception {
    assertThat(
            port.call(
                    CommunicationServiceGrpcClient.updateBloomFilter,
                    EmptyRequest.getDefaultInstance())
                .responses()
                .get(0)
                .getResult())
        .isTrue();
    assertThat(
            port.call(
                    CommunicationServiceGrpcClient.getLeaderNode,
                    ReplicationRequest.getDefaultInstance())
                .responses()
                .get(0)
                .getId())
        .isEqualTo(1);
    assertThat(
            port.call(
                    CommunicationServiceGrpcClient.getUniqueDateIds,
                    EmptyRequest.getDefaultInstance())
                .responses()
                .get(0)
                .getDates(0)
                .getDate())
        .isEqualTo("20120201");
    var status =
        port.call(
                CommunicationServiceGrpcClient.getClientStatus,
                ReplicationRequest.getDefaultInstance())
            .responses()
            .get(0);
    assertThat(status.getId()).isEqualTo(2);
    assertThat(status.getIsLeader()).isFalse();
    assertThat(status.getLeaderId()).isEqualTo(1);
  }

  @Test
  void clusterControlIsNotOffered() throws Exception {
    for (String method : List.of("setLeader", "requestVote", "setNodeState", "PutToLocalCluster")) {
      var outcome =
          port.call(PublicPort.raw("grpcComm.CommunicationService", method), Buffer.buffer());
      assertThat(outcome.status()).as(method).isEqualTo(GrpcStatus.UNIMPLEMENTED);
    }
  }
}
