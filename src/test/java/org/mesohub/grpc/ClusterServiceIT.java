package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mesohub.grpc.PublicPort.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.api.ApiException;
import org.mesohub.api.ClusterApi;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.proto.v1.AddNodeRequest;
import org.mesohub.proto.v1.ClusterServiceGrpcClient;
import org.mesohub.proto.v1.ClusterStatusRequest;
import org.mesohub.proto.v1.ClusterStatusResponse;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.NodeAddresses;
import org.mesohub.proto.v1.NodeChange;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.RemoveNodeRequest;
import org.mesohub.proto.v1.TransferLeadershipRequest;
import org.mesohub.proto.v1.TransferLeadershipResponse;
import org.mesohub.store.RejectStore.Rejected;
import org.mesohub.tls.Authority;
import org.mesohub.tls.Certified;
import org.mesohub.tls.PeerTls;

/** What nodes of a cluster tell clients and each other about it. */
class ClusterServiceIT {
  private static final String NODE_SERVICE = "mesohub.internal.v1.NodeService";

  private static final PeerNode.Info INFO =
      new PeerNode.Info(
          "n1", "utah", "LEADER", 7, "n1", 100, 99, 5, 6_000, 70_000, 80_000, "0.1", 12, 13, 4);

  private final FakeLeadership leadership = new FakeLeadership();
  private final FakeCluster here = new FakeCluster();
  private final FakeCluster there = new FakeCluster();
  private PublicPort port;

  @TempDir Path folder;

  /** A cluster that says what it is told. */
  private static final class FakeCluster implements ClusterApi {
    final List<String> transfers = new CopyOnWriteArrayList<>();
    final List<String> changes = new CopyOnWriteArrayList<>();

    @Override
    public Future<ClusterStatus> clusterStatus() {
      var known =
          new MemberStatus(
              "n1", 1, "n1:8080", "LEADER", true, 9, 1, 20, 4, 500, 600, 700, "0.1", true, 30, true,
              false);
      var unknown =
          new MemberStatus(
              "n2", 2, "n2:8080", "", false, -1, -1, -1, -1, -1, -1, -1, "", false, -1, false,
              true);
      return Future.succeededFuture(
          new ClusterStatus(
              "utah",
              "n1",
              7,
              "n1",
              10,
              9,
              List.of(known, unknown),
              List.of(new Reign(7, "n1", 1_000), new Reign(3, "n2", 500)),
              2));
    }

    @Override
    public Future<Reign> transferLeadership(String nodeId) {
      transfers.add(nodeId);
      return nodeId.equals("nobody")
          ? Future.failedFuture(new ApiException(ApiException.Reason.INVALID, "no such voter"))
          : Future.succeededFuture(new Reign(8, nodeId, 0));
    }

    @Override
    public Future<Change> addNode(Member node) {
      changes.add("+" + node);
      return Future.succeededFuture(new Change(true, "in"));
    }

    @Override
    public Future<Change> removeNode(String nodeId, boolean force) {
      changes.add("-" + nodeId + (force ? "!" : ""));
      return Future.succeededFuture(new Change(false, "soon"));
    }
  }

  private static final class FakePeer implements PeerNode {
    final List<Long> asked = new CopyOnWriteArrayList<>();

    @Override
    public Future<Info> info() {
      return Future.succeededFuture(INFO);
    }

    @Override
    public Future<List<Rejected>> rejects(@Nullable String putId, int limit) {
      return Future.succeededFuture(
          List.of(new Rejected(putId == null ? "all" : putId, "there", limit, "why", "text", 5)));
    }

    @Override
    public Future<Boolean> clearBefore(long runsEpoch) {
      asked.add(runsEpoch);
      return Future.succeededFuture(runsEpoch < 5);
    }
  }

  @BeforeEach
  void open() throws Exception {
    port = PublicPort.of(here, new RelayOptions("n2", leadership, age -> false, null));
  }

  @AfterEach
  void close() throws Exception {
    port.close();
  }

  @Test
  void statusTellsEveryMemberAndIsAnsweredWhereItLands() throws Exception {
    var outcome =
        port.call(ClusterServiceGrpcClient.Status, ClusterStatusRequest.getDefaultInstance());
    assertThat(outcome.status()).isEqualTo(GrpcStatus.OK);
    ClusterStatusResponse status = outcome.responses().get(0);
    assertThat(status.getCluster()).isEqualTo("utah");
    assertThat(status.getLeader()).isEqualTo("n1");
    assertThat(status.getUnderReplicatedChunks()).isEqualTo(2);
    assertThat(status.getLeaders(0).getTerm()).isEqualTo(7);
    assertThat(status.getLeaders(1).getNode()).isEqualTo("n2");
    var known = status.getMembers(0);
    assertThat(
            List.of(
                known.getAppliedIndex(),
                known.getLag(),
                known.getLastContactMs(),
                known.getChunks(),
                known.getChunkBytes(),
                known.getFreeBytes(),
                known.getCapacityBytes(),
                known.getUptimeS()))
        .containsExactly(9L, 1L, 20L, 4L, 500L, 600L, 700L, 30L);
    assertThat(known.getReachable()).isTrue();
    assertThat(status.getMembers(1).getContact()).isFalse();
    assertThat(status.getMembers(1).getLag()).isEqualTo(-1);
  }

  @Test
  void theLeaderHandsTheLeadershipOver() throws Exception {
    leadership.leads(InternalPort.open(port.vertx, port.node, there, null).member());
    assertThat(transfer("n3").responses().get(0).getLeader()).isEqualTo("n3");
    assertThat(transfer("nobody").status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    assertThat(there.transfers).containsExactly("n3", "nobody");
    assertThat(here.transfers).isEmpty();
  }

  @Test
  void theLeaderAddsAndRemovesNodes() throws Exception {
    leadership.leads(InternalPort.open(port.vertx, port.node, there, null).member());
    var member = new Member("n4", 4, "h4", 7104, 7204, 7304, "h4:8080", true);
    var addresses =
        NodeAddresses.newBuilder()
            .setId("n4")
            .setNumber(4)
            .setHost("h4")
            .setDiscoveryPort(7104)
            .setBusPort(7204)
            .setInternalPort(7304)
            .setPublicAddress("h4:8080")
            .setContact(true);
    var added =
        port.call(
            ClusterServiceGrpcClient.AddNode,
            AddNodeRequest.newBuilder().setNode(addresses).build());
    assertThat(added.responses()).extracting(NodeChange::getDone).containsExactly(true);
    var removed =
        port.call(
            ClusterServiceGrpcClient.RemoveNode,
            RemoveNodeRequest.newBuilder().setNode("n4").setForce(true).build());
    assertThat(removed.responses()).extracting(NodeChange::getText).containsExactly("soon");
    assertThat(there.changes).containsExactly("+" + member, "-n4!");
    var nobody =
        port.call(
            ClusterServiceGrpcClient.AddNode,
            AddNodeRequest.newBuilder().setNode(addresses.setHost("")).build());
    assertThat(nobody.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
  }

  private PublicPort.Outcome<TransferLeadershipResponse> transfer(String node) throws Exception {
    return port.call(
        ClusterServiceGrpcClient.TransferLeadership,
        TransferLeadershipRequest.newBuilder().setNode(node).build());
  }

  @Test
  void nodesAskEachOtherOverTheInternalPortOnly() throws Exception {
    var node = new FakePeer();
    InternalPort internal = internal(node, null);
    try (var peers = peers(internal, null)) {
      PeerNode peer = peers.all().get("n1");
      assertThat(await(peer.info())).isEqualTo(INFO);
      assertThat(await(peer.clearBefore(4))).isTrue();
      assertThat(await(peer.clearBefore(5))).isFalse();
      assertThat(node.asked).containsExactly(4L, 5L);
      assertThat(await(peer.rejects("P", 7)))
          .containsExactly(new Rejected("P", "there", 7, "why", "text", 5));
      assertThat(await(peer.rejects(null, 1))).extracting(Rejected::put).containsExactly("all");
    }
    for (String method : List.of("Info", "Pins", "Rejects")) {
      assertThat(port.call(PublicPort.raw(NODE_SERVICE, method), Buffer.buffer()).status())
          .isEqualTo(GrpcStatus.UNIMPLEMENTED);
    }
  }

  @Test
  void withCertificatesNobodyComesInButNodesOfTheCluster() throws Exception {
    Authority ours = authority();
    PeerTls server = tls(ours, "n1", "127.0.0.1");
    InternalPort internal = internal(new FakePeer(), server);
    for (@Nullable PeerTls stranger :
        new PeerTls[] {null, tls(authority(), "stranger", "127.0.0.1")}) {
      try (var peers = peers(internal, stranger)) {
        assertThat(peers.all().get("n1").info().toCompletionStage().toCompletableFuture())
            .failsWithin(Duration.ofSeconds(20))
            .withThrowableOfType(ExecutionException.class);
      }
    }
    PeerTls client = tls(ours, "n2", "127.0.0.1");
    try (var peers = peers(internal, client)) {
      assertThat(await(peers.all().get("n1").info())).isEqualTo(INFO);
    }
    leadership.leads(internal.member());
    try (var relaying =
        PublicPort.of(here, new RelayOptions("n2", leadership, age -> false, client))) {
      GrpcClientRequest<CompactRequest, CompactResponse> request =
          relaying.request(ObservationServiceGrpcClient.Compact);
      assertThat(PublicPort.call(request, List.of(CompactRequest.getDefaultInstance())).status())
          .isEqualTo(GrpcStatus.OK);
    }
  }

  private InternalPort internal(PeerNode node, @Nullable PeerTls tls) throws Exception {
    var metrics = new GrpcMetrics(new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
    return InternalPort.open(
        port.vertx,
        port.node,
        FakeLeadership.self(),
        tls,
        NodeService.of(port.vertx, metrics, node));
  }

  private NodePeers peers(InternalPort internal, @Nullable PeerTls tls) {
    var all = new ArrayList<Member>();
    all.add(internal.member());
    all.add(new Member("n2", 2, "127.0.0.1", 1, 1, 1, "n2:1", true));
    return new NodePeers(port.vertx, new Membership(new Members("n2", all)), tls, 5_000);
  }

  private static Authority authority() {
    return Authority.create("utah", Instant.now(), Duration.ofDays(2), new SecureRandom());
  }

  private PeerTls tls(Authority by, String name, String host) throws Exception {
    Certified node = by.node(name, List.of(host), Instant.now(), Duration.ofDays(1));
    return new PeerTls(
        Files.writeString(folder.resolve(name + ".pem"), node.certificatePem()),
        Files.writeString(folder.resolve(name + "-key.pem"), node.keyPem()),
        Files.writeString(folder.resolve(name + "-ca.pem"), by.certified().certificatePem()));
  }
}
