package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import org.mesohub.proto.internal.v1.NodeInfoRequest;
import org.mesohub.proto.internal.v1.NodeInfoResponse;
import org.mesohub.proto.internal.v1.NodeServiceGrpcService;
import org.mesohub.proto.internal.v1.PinsRequest;
import org.mesohub.proto.internal.v1.PinsResponse;
import org.mesohub.proto.v1.RejectsRequest;
import org.mesohub.proto.v1.RejectsResponse;

/** {@code mesohub.internal.v1.NodeService}: this node for its peers. For the internal port only. */
public final class NodeService {
  private NodeService() {}

  public static Service of(Vertx vertx, GrpcMetrics metrics, PeerNode node) {
    return new Methods(
            vertx, RelayHeaders.INTERNAL_PORT, metrics, NodeServiceGrpcService.SERVICE_DESCRIPTOR)
        .unary(
            "Info", null, NodeInfoRequest.parser(), (who, ask) -> node.info().map(NodeService::of))
        .unary("Pins", null, PinsRequest.parser(), (who, ask) -> pins(node, ask))
        .unary("Rejects", null, RejectsRequest.parser(), (who, ask) -> rejects(node, ask))
        .build();
  }

  private static Future<RejectsResponse> rejects(PeerNode node, RejectsRequest ask) {
    return node.rejects(ask.getPutId().isEmpty() ? null : ask.getPutId(), ask.getLimit())
        .map(Replies::rejects);
  }

  private static Future<PinsResponse> pins(PeerNode node, PinsRequest ask) {
    return node.clearBefore(ask.getRunsEpoch())
        .map(clear -> PinsResponse.newBuilder().setClear(clear).build());
  }

  private static NodeInfoResponse of(PeerNode.Info info) {
    return NodeInfoResponse.newBuilder()
        .setNode(info.nodeId())
        .setCluster(info.clusterId())
        .setRole(info.role())
        .setTerm(info.term())
        .setLeader(info.leaderId())
        .setCommitIndex(info.commitIndex())
        .setAppliedIndex(info.appliedIndex())
        .setChunks(info.chunks())
        .setChunkBytes(info.chunkBytes())
        .setFreeBytes(info.freeBytes())
        .setCapacityBytes(info.capacityBytes())
        .setVersion(info.version())
        .setUptimeS(info.uptimeSeconds())
        .setTimeUs(info.timeMicros())
        .setFeatureLevel(info.featureLevel())
        .build();
  }

  static PeerNode.Info info(NodeInfoResponse answer) {
    return new PeerNode.Info(
        answer.getNode(),
        answer.getCluster(),
        answer.getRole(),
        answer.getTerm(),
        answer.getLeader(),
        answer.getCommitIndex(),
        answer.getAppliedIndex(),
        answer.getChunks(),
        answer.getChunkBytes(),
        answer.getFreeBytes(),
        answer.getCapacityBytes(),
        answer.getVersion(),
        answer.getUptimeS(),
        answer.getTimeUs(),
        answer.getFeatureLevel());
  }
}
