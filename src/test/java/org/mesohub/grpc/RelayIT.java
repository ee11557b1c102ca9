package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.grpc.PublicPort.await;
import static org.mesohub.grpc.PublicPort.eventually;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcErrorException;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.api.Right;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.EmptyRequest;
import org.mesohub.proto.contract.ReplicationRequest;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.StatusRequest;

/** A public port that relays, and leaders that behave and misbehave. */
class RelayIT {
  private static final Principals TOKENS =
      Principals.of(
          List.of(
              new Principals.Token("reader", "r-secret", Set.of(Right.READ)),
              new Principals.Token("Müller", "p-secret", Set.of(Right.READ, Right.PUT)),
              new Principals.Token("root", "a-secret", EnumSet.allOf(Right.class))));

  private final FakeLeadership leadership = new FakeLeadership();
  private PublicPort port;

  @BeforeEach
  void open() throws Exception {
    port = open(Principals.of(List.of()));
  }

  private PublicPort open(Principals principals) throws Exception {
    return new PublicPort(
        principals,
        1,
        GrpcOptions.DRAIN_MS,
        PortLimits.of(Runtime.getRuntime().maxMemory()),
        new RelayOptions("n2", leadership, age -> age.toMillis() >= 5_000, null));
  }

  @AfterEach
  void close() throws Exception {
    port.close();
  }

  private InternalPort leader() throws Exception {
    InternalPort internal = InternalPort.open(port.vertx, port.node, FakeLeadership.self(), null);
    leadership.leads(internal.member());
    return internal;
  }

  /** A leader that does whatever the handler does. */
  private void leader(Handler<HttpServerRequest> handler) throws Exception {
    var server =
        await(
            port.vertx
                .createHttpServer(new HttpServerOptions())
                .requestHandler(handler)
                .listen(0, "127.0.0.1"));
    leadership.leads(FakeLeadership.member("n1", server.actualPort()));
  }

  private static PutRequest header() {
    return PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build();
  }

  private static PutRequest data(int bytes) {
    return PutRequest.newBuilder()
        .setData(UnsafeByteOperations.unsafeWrap(new byte[bytes]))
        .build();
  }

  private PublicPort.Outcome<CompactResponse> compact() throws Exception {
    return port.call(ObservationServiceGrpcClient.Compact, CompactRequest.getDefaultInstance());
  }

  @Test
  void theLeaderAnswersAndTheNodeWhereTheCallLandsIsNotAsked() throws Exception {
    leader();
    var outcome = port.call(ObservationServiceGrpcClient.Put, header(), data(10));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(outcome.responses().get(0).getStored()).isEqualTo(3);
    assertThat(port.node.puts).hasSize(1);
    assertThat(port.here.puts).isEmpty();
    assertThat(port.registry.scrape())
        .contains(
            "mesohub_grpc_relayed_seconds_count{method=\"mesohub.v1.ObservationService/Put\",status=\"0\"} 1")
        .contains("mesohub_grpc_in_flight 0.0");
  }

  @Test
  void theCallerIsCheckedHereAndNamedThere() throws Exception {
    port.close();
    port = open(TOKENS);
    leader();
    for (String token : new String[] {null, "Bearer nonsense", "Bearer r-secret"}) {
      GrpcClientRequest<PutRequest, PutResponse> request =
          port.request(ObservationServiceGrpcClient.Put);
      if (token != null) {
        request.headers().set("authorization", token);
      }
      assertThat(PublicPort.call(request, List.of(header(), data(1))).status())
          .isEqualTo(
              "Bearer r-secret".equals(token)
                  ? GrpcStatus.PERMISSION_DENIED
                  : GrpcStatus.UNAUTHENTICATED);
    }
    assertThat(port.node.puts).isEmpty();
    GrpcClientRequest<PutRequest, PutResponse> request =
        port.request(ObservationServiceGrpcClient.Put);
    request.headers().set("authorization", "Bearer p-secret");
    assertThat(PublicPort.call(request, List.of(header(), data(1))).status())
        .isEqualTo(GrpcStatus.OK);
    assertThat(port.node.puts.get(0).options.principal()).isEqualTo("Müller");
  }

  @Test
  void theSecretStaysHere() throws Exception {
    port.close();
    port = open(TOKENS);
    var headers = new CopyOnWriteArrayList<MultiMap>();
    leader(
        request -> {
          headers.add(request.headers());
          request.response().putHeader("grpc-status", "5").end();
        });
    GrpcClientRequest<CompactRequest, CompactResponse> request =
        port.request(ObservationServiceGrpcClient.Compact);
    request.headers().set("authorization", "Bearer a-secret").set("x-trace", "7");
    PublicPort.call(request, List.of(CompactRequest.getDefaultInstance()));
    assertThat(headers.get(0).contains("authorization")).isFalse();
    assertThat(headers.get(0).get("x-trace")).isEqualTo("7");
    assertThat(headers.get(0).get(RelayHeaders.PRINCIPAL)).isEqualTo("root");
    assertThat(headers.get(0).get(RelayHeaders.RIGHTS).split(","))
        .containsExactlyInAnyOrder("read", "put", "delete", "peer", "admin");
    assertThat(headers.get(0).get(RelayHeaders.RELAYED)).isEqualTo("n2");
  }

  @Test
  void aForgedPrincipalIsRefused() throws Exception {
    for (String name : List.of(RelayHeaders.PRINCIPAL, RelayHeaders.RIGHTS, RelayHeaders.RELAYED)) {
      for (PublicPort called : List.of(port, PublicPort.open())) {
        GrpcClientRequest<CompactRequest, CompactResponse> request =
            called.request(ObservationServiceGrpcClient.Compact);
        request.headers().set(name, "root");
        var outcome = PublicPort.call(request, List.of(CompactRequest.getDefaultInstance()));
        assertThat(outcome.status()).isEqualTo(GrpcStatus.PERMISSION_DENIED);
        assertThat(outcome.message()).contains(name);
        if (called != port) {
          called.close();
        }
      }
    }
  }

  @Test
  void theInternalPortAnswersRelayedCallsOnlyAndOnlyWhileItLeads() throws Exception {
    InternalPort internal = leader();
    var address =
        io.vertx.core.net.SocketAddress.inetSocketAddress(
            internal.member().internalPort(), "127.0.0.1");
    for (var method :
        List.of(
            PublicPort.raw("mesohub.v1.ObservationService", "Compact"),
            PublicPort.raw("mesohub.v1.ObservationService", "Status"))) {
      var direct = await(port.client.request(address, method));
      assertThat(PublicPort.call(direct, List.of(Buffer.buffer())).status())
          .isEqualTo(GrpcStatus.UNAUTHENTICATED);
    }
    InternalPort other = InternalPort.open(port.vertx, port.node, leadership, null);
    leadership.leads(other.member());
    var outcome = compact();
    assertThat(outcome.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(outcome.message()).contains("the leader has moved").contains("try again");
  }

  @Test
  void clientsOf2018AreRelayedWithoutADeadline() throws Exception {
    leader();
    assertThat(
            port.call(
                    CommunicationServiceGrpcClient.getUniqueDateIds,
                    EmptyRequest.getDefaultInstance())
                .responses()
                .get(0)
                .getDates(0)
                .getDate())
        .isEqualTo("20120201");
    port.call(CommunicationServiceGrpcClient.putHandler, Request.getDefaultInstance());
    assertThat(port.node.puts).hasSize(1);
  }

  @Test
  void whatAsksForThisNodeIsAnsweredHere() throws Exception {
    leader();
    port.node.failure = new ApiException(ApiException.Reason.CORRUPT, "the leader was asked");
    assertThat(
            List.of(
                port.call(CommunicationServiceGrpcClient.ping, Request.getDefaultInstance())
                    .status(),
                port.call(
                        CommunicationServiceGrpcClient.getLeaderNode,
                        ReplicationRequest.getDefaultInstance())
                    .status(),
                port.call(
                        CommunicationServiceGrpcClient.getClientStatus,
                        ReplicationRequest.getDefaultInstance())
                    .status(),
                port.call(ObservationServiceGrpcClient.Status, StatusRequest.getDefaultInstance())
                    .status()))
        .containsOnly(GrpcStatus.OK);
    assertThat(compact().status()).isEqualTo(GrpcStatus.DATA_LOSS);
  }

  @Test
  void redirectsWhoAsksForThat() throws Exception {
    leader();
    GrpcClientRequest<CompactRequest, CompactResponse> request =
        port.request(ObservationServiceGrpcClient.Compact);
    request.headers().set(RelayHeaders.REDIRECT, "true");
    Promise<MultiMap> headers = Promise.promise();
    request.response().onSuccess(response -> headers.complete(response.headers()));
    var outcome = PublicPort.call(request, List.of(CompactRequest.getDefaultInstance()));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    assertThat(await(headers.future()).get(RelayHeaders.LEADER)).isEqualTo("n1.example.org:8080");
  }

  @Test
  void waitsForALeaderAndThenSaysWhatToDo() throws Exception {
    var late = compact();
    assertThat(late.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(late.message()).contains("no leader is known").contains("try again");
    InternalPort internal = leader();
    leadership.nobodyLeads();
    port.vertx.setTimer(200, turn -> leadership.leads(internal.member()));
    assertThat(compact().status()).isEqualTo(GrpcStatus.OK);
  }

  @Test
  void answersHereWhenItCameToLead() throws Exception {
    port.vertx.setTimer(200, turn -> leadership.leadsSelf());
    var outcome = port.call(ObservationServiceGrpcClient.Put, header(), data(100_000));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(port.here.puts.get(0).finished).isTrue();
    assertThat(port.here.puts.get(0).bytes.get(0)).hasSize(100_000);
  }

  @Test
  void goesToTheNewLeaderWhenTheOldOneCannotBeReached() throws Exception {
    InternalPort internal = leader();
    var gone = await(port.vertx.createNetServer().connectHandler(s -> {}).listen(0, "127.0.0.1"));
    await(gone.close());
    leadership.leads(FakeLeadership.member("n3", gone.actualPort()));
    port.vertx.setTimer(200, turn -> leadership.leads(internal.member()));
    assertThat(port.call(ObservationServiceGrpcClient.Put, header(), data(1)).status())
        .isEqualTo(GrpcStatus.OK);
    leadership.leads(FakeLeadership.member("n3", gone.actualPort()));
    var outcome = compact();
    assertThat(outcome.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(outcome.message()).contains("n3 cannot be reached").contains("nothing was stored");
  }

  @Test
  void aPutWhoseLeaderDiesMayHaveHappenedAndAReadIsAskedAgain() throws Exception {
    leader(
        request -> {
          if (request.path().endsWith("Put")) {
            request.handler(bytes -> request.connection().close());
          } else {
            request.endHandler(end -> request.connection().close());
          }
        });
    GrpcClientRequest<PutRequest, PutResponse> unfinished =
        port.request(ObservationServiceGrpcClient.Put);
    var outcome = PublicPort.outcome(unfinished);
    unfinished.write(header());
    assertThat(await(outcome).status()).isEqualTo(GrpcStatus.UNKNOWN);
    assertThat(await(outcome).message()).contains("repeat with the same token");
    var put = port.call(ObservationServiceGrpcClient.Put, header(), data(1));
    assertThat(put.status()).isEqualTo(GrpcStatus.UNKNOWN);
    var read = port.call(ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance());
    assertThat(read.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    assertThat(read.message()).contains("ask again");
  }

  @Test
  void anAnswerCutOffByTheLeadersEndIsNoWholeAnswer() throws Exception {
    leader(
        request ->
            request.endHandler(
                end -> {
                  request.response().putHeader("content-type", "application/grpc+proto");
                  request
                      .response()
                      .write(Buffer.buffer(new byte[5]))
                      .onComplete(
                          sent -> port.vertx.setTimer(100, turn -> request.connection().close()));
                }));
    var read = port.call(ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance());
    assertThat(read.responses()).hasSize(1);
    assertThat(read.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
  }

  @Test
  void whatIsNoGrpcAtTheLeaderIsAFailure() throws Exception {
    leader(request -> request.response().setStatusCode(404).end("what?"));
    assertThat(
            port.call(ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance())
                .status())
        .isEqualTo(GrpcStatus.UNAVAILABLE);
    leader(request -> request.response().putHeader("content-type", "application/grpc").end());
    assertThat(
            port.call(ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance())
                .status())
        .isEqualTo(GrpcStatus.UNAVAILABLE);
  }

  @Test
  void aClientThatLeavesCancelsAtTheLeader() throws Exception {
    leader();
    GrpcClientRequest<PutRequest, PutResponse> request =
        port.request(ObservationServiceGrpcClient.Put);
    request.write(header());
    eventually("put begins", () -> port.node.puts.size() == 1);
    request.cancel();
    eventually("put is cancelled", () -> port.node.puts.get(0).cancelled);
    assertThat(port.node.puts.get(0).finished).isFalse();
    eventually(
        "it is counted", () -> port.registry.scrape().contains("mesohub_grpc_in_flight 0.0"));
  }

  @Test
  void aResetOfTheLeaderReachesTheClient() throws Exception {
    leader(request -> request.endHandler(end -> request.response().reset(8)));
    GrpcClientRequest<CompactRequest, CompactResponse> request =
        port.request(ObservationServiceGrpcClient.Compact);
    var response = request.response();
    request.end(CompactRequest.getDefaultInstance());
    assertThat(response.toCompletionStage().toCompletableFuture())
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            GrpcErrorException.class, e -> assertThat(e.status()).isEqualTo(GrpcStatus.CANCELLED));
  }

  @Test
  void theDeadlineHoldsHereAndTravels() throws Exception {
    var timeouts = new CopyOnWriteArrayList<String>();
    leader(request -> timeouts.add(request.getHeader("grpc-timeout")));
    GrpcClientRequest<CompactRequest, CompactResponse> request =
        port.request(ObservationServiceGrpcClient.Compact);
    request.headers().set("grpc-timeout", "400m");
    var outcome = PublicPort.call(request, List.of(CompactRequest.getDefaultInstance()));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
    assertThat(outcome.message()).contains("same token");
    assertThat(GrpcTimeout.nanos(timeouts.get(0))).isBetween(1L, 400_000_000L);
  }

  @Test
  void aLeaderThatStopsIsGivenUp() throws Exception {
    leader(
        request -> {
          try {
            Thread.sleep(5_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    var outcome = port.call(ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance());
    assertThat(outcome.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
  }

  @Test
  void aSlowLeaderHoldsALargePutBack() throws Exception {
    leader();
    Promise<Void> gate = Promise.promise();
    port.node.gate = gate.future();
    GrpcClientRequest<PutRequest, PutResponse> request =
        port.request(ObservationServiceGrpcClient.Put);
    var outcome = PublicPort.outcome(request);
    var written = new AtomicLong();
    int pieces = 256;
    int size = 256 * 1024;
    request.write(header());
    for (int i = 0; i < pieces; i++) {
      request.write(data(size)).onSuccess(sent -> written.addAndGet(size));
    }
    request.end();
    eventually("put begins", () -> port.node.puts.size() == 1);
    long before;
    do {
      before = written.get();
      Thread.sleep(500);
    } while (written.get() != before);
    // The windows of both streams, what the sockets hold, and a few frames between.
    assertThat(before).isLessThan(16 << 20);
    gate.complete();
    assertThat(await(outcome).status()).isEqualTo(GrpcStatus.OK);
    assertThat(port.node.puts.get(0).bytes).hasSize(pieces);
    assertThat(port.node.puts.get(0).bytes).allMatch(b -> b.length == size);
  }

  @Test
  void aSlowReaderHoldsTheLeaderBackAndNobodyElse() throws Exception {
    leader();
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches =
        Collections.nCopies(10_000, RandomBatches.mesowest(new Random(1), 8_192, 0));
    GrpcClientRequest<QueryRequest, QueryResponse> request =
        port.request(ObservationServiceGrpcClient.Query);
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
    // Another client: the window of this one's connection is full of what it does not read.
    var other =
        await(
            io.vertx.grpc.client.GrpcClient.client(port.vertx)
                .request(port.address, ObservationServiceGrpcClient.Compact));
    assertThat(PublicPort.call(other, List.of(CompactRequest.getDefaultInstance())).status())
        .isEqualTo(GrpcStatus.OK);
    request.cancel();
    eventually("answer is closed", () -> stream.closed);
  }

  @Test
  void tenThousandTinyMessagesArriveInOrder() throws Exception {
    leader();
    int count = 10_000;
    var messages = new PutRequest[count + 1];
    messages[0] = header();
    for (int i = 0; i < count; i++) {
      messages[i + 1] = PutRequest.newBuilder().setData(ByteString.copyFromUtf8(i + "\n")).build();
    }
    var outcome = port.call(ObservationServiceGrpcClient.Put, messages);
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    List<byte[]> taken = port.node.puts.get(0).bytes;
    assertThat(taken).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(new String(taken.get(i), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(i + "\n");
    }
  }

  @Test
  void aThousandCallsShareOneConnection() throws Exception {
    var connections = Collections.newSetFromMap(new java.util.concurrent.ConcurrentHashMap<>());
    leader(
        request -> {
          connections.add(request.connection());
          request.endHandler(end -> request.response().putHeader("grpc-status", "0").end());
        });
    var outcomes = new java.util.ArrayList<io.vertx.core.Future<?>>();
    for (int i = 0; i < 900; i++) {
      GrpcClientRequest<CompactRequest, CompactResponse> request =
          port.request(ObservationServiceGrpcClient.Compact);
      outcomes.add(PublicPort.outcome(request));
      request.end(CompactRequest.getDefaultInstance());
    }
    await(io.vertx.core.Future.all(outcomes));
    assertThat(connections).hasSize(1);
  }

  private static QueryRequest stale(long millis, int stations) {
    var selection = org.mesohub.proto.v1.Selection.newBuilder();
    for (int i = 0; i < stations; i++) {
      selection.addStations("STATION" + i);
    }
    return QueryRequest.newBuilder().setSelection(selection).setMaxStalenessMs(millis).build();
  }

  @Test
  void readsThatMayBeStaleAreAnsweredHereWhileThisNodeIsNewEnough() throws Exception {
    leader();
    for (long millis : new long[] {5_000, 4_999, 0, 60_000}) {
      var outcome = port.call(ObservationServiceGrpcClient.Query, stale(millis, 1));
      assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
      assertThat(outcome.trailers().get("mesohub-commit")).isEqualTo("42");
      assertThat(outcome.responses()).hasSize(2);
    }
    assertThat(port.here.queries).hasSize(2);
    assertThat(port.here.allowed)
        .containsExactly(java.time.Duration.ofSeconds(5), java.time.Duration.ofSeconds(60));
    assertThat(port.node.queries).hasSize(2);
    assertThat(port.node.allowed).containsExactly(java.time.Duration.ofMillis(4_999));
  }

  @Test
  void aReadTooLongToLookAtGoesToTheLeaderWhole() throws Exception {
    leader();
    var outcome = port.call(ObservationServiceGrpcClient.Query, stale(60_000, 9_000));
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    assertThat(port.here.queries).isEmpty();
    assertThat(port.node.queries.get(0).selection().stations()).hasSize(9_000);
  }

  @Test
  void staleReadsAreAnsweredWithoutALeaderAndTheirCallersChecked() throws Exception {
    port.close();
    port = open(TOKENS);
    assertThat(port.call(ObservationServiceGrpcClient.Query, stale(5_000, 1)).status())
        .isEqualTo(GrpcStatus.UNAUTHENTICATED);
    GrpcClientRequest<QueryRequest, QueryResponse> request =
        port.request(ObservationServiceGrpcClient.Query);
    request.headers().set("authorization", "Bearer r-secret");
    assertThat(PublicPort.call(request, List.of(stale(5_000, 1))).status())
        .isEqualTo(GrpcStatus.OK);
  }
}
