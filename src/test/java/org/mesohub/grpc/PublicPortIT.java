package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.grpc.PublicPort.await;
import static org.mesohub.grpc.PublicPort.eventually;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.MessageLite;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mesohub.api.ApiException;
import org.mesohub.api.Right;
import org.mesohub.grpc.PublicPort.Outcome;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.StatusRequest;

class PublicPortIT {
  private static final String HEALTH = "grpc.health.v1.Health";

  private static Outcome<Buffer> authorized(PublicPort port, String token, String method)
      throws Exception {
    boolean contract = Character.isLowerCase(method.charAt(0));
    var request =
        port.request(
            PublicPort.raw(
                contract ? "grpcComm.CommunicationService" : "mesohub.v1.ObservationService",
                method));
    if (token != null) {
      request.headers().set("authorization", token);
    }
    List<MessageLite> messages =
        switch (method) {
          case "Put" ->
              List.of(
                  PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build(),
                  PutRequest.newBuilder().setData(ByteString.copyFromUtf8("x")).build());
          case "Delete" ->
              List.of(
                  DeleteRequest.newBuilder()
                      .setSelection(Selection.newBuilder().addNetworks("8"))
                      .build());
          default -> List.of(PutRequest.getDefaultInstance());
        };
    return PublicPort.call(
        request, messages.stream().map(m -> Buffer.buffer(m.toByteArray())).toList());
  }

  @Test
  void tokensDecideWhoMayWhat() throws Exception {
    var principals =
        Principals.of(
            List.of(
                new Principals.Token("reader", "r-secret", Set.of(Right.READ)),
                new Principals.Token("feed", "p-secret", Set.of(Right.READ, Right.PUT)),
                new Principals.Token("root", "a-secret", EnumSet.allOf(Right.class))));
    try (var port = new PublicPort(principals)) {
      for (String method :
          List.of("Status", "Query", "getLeaderNode", "Put", "putHandler", "Delete", "Compact")) {
        boolean read = Set.of("Status", "Query", "getLeaderNode").contains(method);
        boolean put = Set.of("Put", "putHandler").contains(method);
        assertThat(authorized(port, null, method).status())
            .as(method)
            .isEqualTo(GrpcStatus.UNAUTHENTICATED);
        assertThat(authorized(port, "Bearer wrong", method).status())
            .as(method)
            .isEqualTo(GrpcStatus.UNAUTHENTICATED);
        assertThat(authorized(port, "Basic r-secret", method).status())
            .as(method)
            .isEqualTo(GrpcStatus.UNAUTHENTICATED);
        assertThat(authorized(port, "Bearer r-secret", method).status())
            .as(method)
            .isEqualTo(read ? GrpcStatus.OK : GrpcStatus.PERMISSION_DENIED);
        assertThat(authorized(port, "bearer p-secret", method).status())
            .as(method)
            .isEqualTo(read || put ? GrpcStatus.OK : GrpcStatus.PERMISSION_DENIED);
        assertThat(authorized(port, "Bearer a-secret", method).status())
            .as(method)
            .isEqualTo(GrpcStatus.OK);
      }
      for (String method : List.of("Backup", "Restore")) {
        var request = port.request(PublicPort.raw("mesohub.v1.BackupService", method));
        request.headers().set("authorization", "Bearer p-secret");
        assertThat(PublicPort.call(request, List.of()).status())
            .as(method)
            .isEqualTo(GrpcStatus.PERMISSION_DENIED);
      }
      assertThat(authorized(port, null, "ping").status()).isEqualTo(GrpcStatus.OK);
      assertThat(check(port, "").status()).isEqualTo(GrpcStatus.OK);
      assertThat(port.node.puts)
          .extracting(p -> p.options.principal())
          .containsOnly("feed", "root");
      assertThat(port.node.deletes).singleElement().asString().endsWith("root");
    }
  }

  private static Outcome<Buffer> check(PublicPort port, String service) throws Exception {
    var ask = HealthCheckRequest.newBuilder().setService(service).build();
    return port.call(PublicPort.raw(HEALTH, "Check"), Buffer.buffer(ask.toByteArray()));
  }

  private static ServingStatus status(Buffer message) throws Exception {
    return HealthCheckResponse.parseFrom(message.getBytes()).getStatus();
  }

  @Test
  void healthFollowsReadinessAndAsksTheNodeOncePerSecond() throws Exception {
    try (var port = PublicPort.open()) {
      for (int i = 0; i < 20; i++) {
        assertThat(status(check(port, "").responses().get(0))).isEqualTo(ServingStatus.SERVING);
      }
      assertThat(port.node.probes.get()).isLessThan(20);
      assertThat(status(check(port, "mesohub.v1.ObservationService").responses().get(0)))
          .isEqualTo(ServingStatus.SERVING);
      assertThat(check(port, "nobody").status()).isEqualTo(GrpcStatus.NOT_FOUND);
      var list = port.call(PublicPort.raw(HEALTH, "List"), Buffer.buffer()).responses().get(0);
      assertThat(HealthListResponse.parseFrom(list.getBytes()).getStatusesMap())
          .containsKeys("", "grpcComm.CommunicationService");

      var request = port.request(PublicPort.raw(HEALTH, "Watch"));
      var seen = new CopyOnWriteArrayList<Buffer>();
      var response = request.response().map(r -> r.handler(seen::add));
      request.end(Buffer.buffer());
      await(response);
      eventually("first status", () -> seen.size() == 1);
      port.node.failure = new ApiException(ApiException.Reason.UNAVAILABLE, "no leader");
      eventually("second status", () -> seen.size() == 2);
      assertThat(status(seen.get(0))).isEqualTo(ServingStatus.SERVING);
      assertThat(status(seen.get(1))).isEqualTo(ServingStatus.NOT_SERVING);
      request.cancel();
      eventually("watch left", () -> port.registry.scrape().contains("mesohub_grpc_in_flight 0.0"));
    }
  }

  private static ServerReflectionResponse reflect(Buffer buffer) {
    try {
      return ServerReflectionResponse.parseFrom(buffer.getBytes());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Buffer ask(ServerReflectionRequest.Builder request) {
    return Buffer.buffer(request.build().toByteArray());
  }

  @Test
  void reflectionAnswersManyQuestionsOnOneStreamUnderBothNames() throws Exception {
    try (var port = PublicPort.open()) {
      for (String name : List.of("grpc.reflection.v1", "grpc.reflection.v1alpha")) {
        var outcome =
            port.call(
                PublicPort.raw(name + ".ServerReflection", "ServerReflectionInfo"),
                ask(ServerReflectionRequest.newBuilder().setListServices("")),
                ask(
                    ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol("mesohub.v1.ObservationService.Put")),
                ask(
                    ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol("grpcComm.Request")),
                ask(
                    ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(name + ".ServerReflection")),
                ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol("no.such.Thing")),
                ask(ServerReflectionRequest.newBuilder().setFileByFilename("grpccomm.proto")));
        assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
        List<ServerReflectionResponse> answers =
            outcome.responses().stream().map(PublicPortIT::reflect).toList();
        assertThat(answers).hasSize(6);
        assertThat(
                answers.get(0).getListServicesResponse().getServiceList().stream()
                    .map(s -> s.getName())
                    .collect(Collectors.toSet()))
            .containsExactlyInAnyOrder(
                "mesohub.v1.ObservationService",
                "mesohub.v1.BackupService",
                "grpcComm.CommunicationService",
                HEALTH,
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection");
        assertThat(packageOf(answers.get(1))).isEqualTo("mesohub.v1");
        assertThat(packageOf(answers.get(2))).isEqualTo("grpcComm");
        assertThat(packageOf(answers.get(3))).isEqualTo(name);
        assertThat(answers.get(4).getErrorResponse().getErrorCode())
            .isEqualTo(GrpcStatus.NOT_FOUND.code);
        assertThat(packageOf(answers.get(5))).isEqualTo("grpcComm");
      }
    }
  }

  private static String packageOf(ServerReflectionResponse response) throws Exception {
    return FileDescriptorProto.parseFrom(
            response.getFileDescriptorResponse().getFileDescriptorProto(0))
        .getPackage();
  }

  @Test
  void countsWhatHappens() throws Exception {
    try (var port = PublicPort.open()) {
      port.node.outcome = FakeNode.outcome(10, 2, 1, 3);
      port.call(
          CommunicationServiceGrpcClient.putHandler,
          Request.newBuilder()
              .setPutRequest(org.mesohub.proto.contract.PutRequest.getDefaultInstance())
              .build());
      port.call(ObservationServiceGrpcClient.Status, StatusRequest.getDefaultInstance());
      String text = port.registry.scrape();
      assertThat(text)
          .contains("mesohub_puts_total 1.0")
          .contains("mesohub_put_rows_total{outcome=\"stored\"} 10.0")
          .contains("mesohub_put_rows_total{outcome=\"rejected\"} 3.0")
          .contains(
              "mesohub_grpc_calls_seconds_count{method=\"mesohub.v1.ObservationService/Status\",status=\"OK\"} 1");
    }
  }

  @Test
  void lettingGoOfThePortLetsRunningCallsFinish() throws Exception {
    try (var port = PublicPort.open()) {
      Promise<Void> gate = Promise.promise();
      port.node.answerGate = gate.future();
      var request = port.request(ObservationServiceGrpcClient.Compact);
      var outcome = PublicPort.outcome(request);
      request.end(CompactRequest.getDefaultInstance());
      eventually("call runs", () -> port.registry.scrape().contains("mesohub_grpc_in_flight 1.0"));
      var undeployed = port.undeploy();
      Thread.sleep(200);
      assertThat(undeployed.isComplete()).isFalse();
      gate.complete();
      assertThat(await(outcome).status()).isEqualTo(GrpcStatus.OK);
      await(undeployed);
    }
  }

  @Test
  void callsThatGoOnTooLongDoNotHoldThePort() throws Exception {
    try (var port = new PublicPort(Principals.of(List.of()), 2, 300)) {
      port.node.answerGate = Promise.<Void>promise().future();
      var request = port.request(ObservationServiceGrpcClient.Put);
      request.write(PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build());
      eventually("put runs", () -> port.node.puts.size() == 1);
      await(port.undeploy());
      eventually("put is cancelled", () -> port.node.puts.get(0).cancelled);
    }
  }

  @Test
  void plainHttpSharesThePortWithAndWithoutUpgrade() throws Exception {
    try (var port = PublicPort.open()) {
      for (var version : java.net.http.HttpClient.Version.values()) {
        var client = java.net.http.HttpClient.newBuilder().version(version).build();
        var request =
            java.net.http.HttpRequest.newBuilder(
                    java.net.URI.create("http://127.0.0.1:" + port.port + "/health/ready"))
                .build();
        var response = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(version);
      }
    }
  }

  @Test
  void allInstancesShareThePort() throws Exception {
    try (var port = PublicPort.open()) {
      assertThat(port.instances).hasSize(2).allMatch(instance -> instance.port() == port.port);
    }
  }
}
