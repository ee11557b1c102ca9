package org.mesohub.grpc;

import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import org.mesohub.api.ApiException;
import org.mesohub.api.ClusterApi;
import org.mesohub.api.ClusterApi.ClusterStatus;
import org.mesohub.api.ClusterApi.MemberStatus;
import org.mesohub.api.ClusterApi.Reign;
import org.mesohub.api.Right;
import org.mesohub.placement.Member;
import org.mesohub.proto.v1.AddNodeRequest;
import org.mesohub.proto.v1.ClusterServiceGrpcService;
import org.mesohub.proto.v1.ClusterStatusRequest;
import org.mesohub.proto.v1.ClusterStatusResponse;
import org.mesohub.proto.v1.LeaderChange;
import org.mesohub.proto.v1.NodeAddresses;
import org.mesohub.proto.v1.NodeChange;
import org.mesohub.proto.v1.RemoveNodeRequest;
import org.mesohub.proto.v1.TransferLeadershipRequest;
import org.mesohub.proto.v1.TransferLeadershipResponse;

/** {@code mesohub.v1.ClusterService}. */
final class ClusterService {
  private ClusterService() {}

  static Service of(Vertx vertx, Admission admission, GrpcMetrics metrics, ClusterApi cluster) {
    return new Methods(vertx, admission, metrics, ClusterServiceGrpcService.SERVICE_DESCRIPTOR)
        .unary(
            "Status",
            Right.READ,
            ClusterStatusRequest.parser(),
            (who, ask) -> cluster.clusterStatus().map(ClusterService::status))
        .unary(
            "TransferLeadership",
            Right.ADMIN,
            TransferLeadershipRequest.parser(),
            (who, ask) -> cluster.transferLeadership(ask.getNode()).map(ClusterService::moved))
        .unary(
            "AddNode",
            Right.ADMIN,
            AddNodeRequest.parser(),
            (who, ask) -> cluster.addNode(node(ask.getNode())).map(ClusterService::change))
        .unary(
            "RemoveNode",
            Right.ADMIN,
            RemoveNodeRequest.parser(),
            (who, ask) ->
                cluster.removeNode(ask.getNode(), ask.getForce()).map(ClusterService::change))
        .build();
  }

  private static Member node(NodeAddresses node) {
    try {
      return new Member(
          node.getId(),
          node.getNumber(),
          node.getHost(),
          node.getDiscoveryPort(),
          node.getBusPort(),
          node.getInternalPort(),
          node.getPublicAddress(),
          node.getContact());
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiException.Reason.INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private static NodeChange change(ClusterApi.Change change) {
    return NodeChange.newBuilder().setDone(change.done()).setText(change.text()).build();
  }

  private static ClusterStatusResponse status(ClusterStatus status) {
    return ClusterStatusResponse.newBuilder()
        .setCluster(status.clusterId())
        .setNode(status.nodeId())
        .setTerm(status.term())
        .setLeader(status.leaderId())
        .setCommitIndex(status.commitIndex())
        .setAppliedIndex(status.appliedIndex())
        .addAllMembers(status.members().stream().map(ClusterService::member).toList())
        .addAllLeaders(status.leaders().stream().map(ClusterService::change).toList())
        .setUnderReplicatedChunks(status.underReplicatedChunks())
        .build();
  }

  private static org.mesohub.proto.v1.MemberStatus member(MemberStatus member) {
    return org.mesohub.proto.v1.MemberStatus.newBuilder()
        .setId(member.id())
        .setNumber(member.number())
        .setPublicAddress(member.publicAddress())
        .setRole(member.role())
        .setReachable(member.reachable())
        .setAppliedIndex(member.appliedIndex())
        .setLag(member.lag())
        .setLastContactMs(member.lastContactMillis())
        .setChunks(member.chunks())
        .setChunkBytes(member.chunkBytes())
        .setFreeBytes(member.freeBytes())
        .setCapacityBytes(member.capacityBytes())
        .setVersion(member.version())
        .setContact(member.contact())
        .setUptimeS(member.uptimeSeconds())
        .setVoter(member.voter())
        .setLeaving(member.leaving())
        .build();
  }

  private static LeaderChange change(Reign reign) {
    return LeaderChange.newBuilder()
        .setTerm(reign.term())
        .setNode(reign.nodeId())
        .setTimeUs(reign.sinceMicros())
        .build();
  }

  private static TransferLeadershipResponse moved(Reign reign) {
    return TransferLeadershipResponse.newBuilder()
        .setLeader(reign.nodeId())
        .setTerm(reign.term())
        .build();
  }
}
