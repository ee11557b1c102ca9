package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import org.mesohub.api.NodeApi;
import org.mesohub.api.Right;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.contract.BoolResponse;
import org.mesohub.proto.contract.ClientResponse;
import org.mesohub.proto.contract.ContractProto;
import org.mesohub.proto.contract.DateResponse;
import org.mesohub.proto.contract.Dates;
import org.mesohub.proto.contract.EmptyRequest;
import org.mesohub.proto.contract.ReplicationRequest;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.mesohub.proto.contract.StatusCode;

/** {@code grpcComm.CommunicationService}, the contract of 2018. */
final class ContractService {
  private final NodeApi node;

  private ContractService(NodeApi node) {
    this.node = node;
  }

  static Service of(Vertx vertx, Admission admission, GrpcMetrics metrics, NodeApi node) {
    var service = new ContractService(node);
    return new Methods(
            vertx,
            admission,
            metrics,
            ContractProto.getDescriptor().findServiceByName("CommunicationService"))
        .stream("putHandler", Right.PUT, new ContractPut(node)::handle)
            .serverStream("getHandler", Right.READ, Request.parser(), new ContractGet(node)::handle)
            .unary("ping", null, Request.parser(), (who, ask) -> ping())
            .unary("updateBloomFilter", Right.READ, EmptyRequest.parser(), (who, ask) -> current())
            .unary(
                "getLeaderNode",
                Right.READ,
                ReplicationRequest.parser(),
                (who, ask) -> service.leader())
            .unary(
                "getUniqueDateIds",
                Right.READ,
                EmptyRequest.parser(),
                (who, ask) -> service.dates())
            .unary(
                "getClientStatus",
                Right.READ,
                ReplicationRequest.parser(),
                (who, ask) -> service.self())
            .build();
  }

  private static Future<Response> ping() {
    return Future.succeededFuture(
        Response.newBuilder().setCode(StatusCode.Ok).setMsg("pong").build());
  }

  /** The filter follows every commit by itself; there is nothing to rebuild. */
  private static Future<BoolResponse> current() {
    return Future.succeededFuture(BoolResponse.newBuilder().setResult(true).build());
  }

  private Future<ReplicationRequest> leader() {
    return node.status()
        .map(status -> ReplicationRequest.newBuilder().setId(status.leaderNumber()).build());
  }

  private Future<ClientResponse> self() {
    return node.status()
        .map(
            status ->
                ClientResponse.newBuilder()
                    .setId(status.nodeNumber())
                    .setIsLeader(status.nodeId().equals(status.leaderId()))
                    .setLeaderId(status.leaderNumber())
                    .build());
  }

  private Future<DateResponse> dates() {
    return node.days(TimeRange.ALL)
        .map(
            days -> {
              var response = DateResponse.newBuilder();
              days.forEach(
                  day -> response.addDates(Dates.newBuilder().setDate(day.getKey().basic())));
              return response.build();
            });
  }
}
