package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.Service;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.NodeApi;
import org.mesohub.api.PutOptions;
import org.mesohub.api.Right;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.DeleteResponse;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcService;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.RejectsRequest;
import org.mesohub.proto.v1.RejectsResponse;
import org.mesohub.proto.v1.ScrubRequest;
import org.mesohub.proto.v1.StationsRequest;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.query.Selection;

/** {@code mesohub.v1.ObservationService}. */
final class ObservationApi {
  /** Rejects told when a request names no limit. */
  static final int REJECTS_DEFAULT = 1_000;

  /** Most rejects of one answer, so that it stays below the 4 MiB that clients take. */
  static final int REJECTS_MAX = 4_000;

  private final NodeApi node;

  private ObservationApi(NodeApi node) {
    this.node = node;
  }

  static Service of(Vertx vertx, Admission admission, GrpcMetrics metrics, NodeApi node) {
    var api = new ObservationApi(node);
    var reads = new ObservationReads(node);
    return new Methods(vertx, admission, metrics, ObservationServiceGrpcService.SERVICE_DESCRIPTOR)
        .stream("Put", Right.PUT, call -> ObservationPut.handle(node, call))
            .unary("Delete", Right.DELETE, DeleteRequest.parser(), api::delete)
            .serverStream("Query", Right.READ, QueryRequest.parser(), reads::query)
            .serverStream("Latest", Right.READ, LatestRequest.parser(), reads::latest)
            .serverStream("Stations", Right.READ, StationsRequest.parser(), reads::stations)
            .serverStream("Days", Right.READ, DaysRequest.parser(), reads::days)
            .unary("Rejects", Right.READ, RejectsRequest.parser(), (who, ask) -> api.rejects(ask))
            .unary(
                "Status",
                Right.READ,
                StatusRequest.parser(),
                (who, ask) -> node.status().map(Replies::status))
            .unary(
                "Compact",
                Right.ADMIN,
                CompactRequest.parser(),
                (who, ask) -> node.compact().map(Replies::compact))
            .unary(
                "Scrub",
                Right.ADMIN,
                ScrubRequest.parser(),
                (who, ask) -> node.scrub(ask.getStart()).map(Replies::scrub))
            .build();
  }

  private Future<DeleteResponse> delete(Principal who, DeleteRequest request) {
    if (!request.hasSelection() || request.getSelection().getSerializedSize() == 0) {
      throw invalid(
          "selection: say which rows by times, stations or networks; all rows are [from_us, to_us)"
              + " of all times");
    }
    Selection selection = Requests.selection(request.getSelection());
    if (selection.bbox() != null || !selection.where().isEmpty()) {
      throw invalid("selection: rows are deleted by times, stations and networks only");
    }
    PutOptions.@Nullable Token token =
        request.hasToken() ? Requests.token("token", request.getToken()) : null;
    return node.delete(selection, token, request.getDryRun(), who.name()).map(Replies::delete);
  }

  private Future<RejectsResponse> rejects(RejectsRequest request) {
    int limit = request.getLimit() == 0 ? REJECTS_DEFAULT : request.getLimit();
    if (limit < 0 || limit > REJECTS_MAX) {
      throw invalid("limit: " + limit + " is not in 1.." + REJECTS_MAX + "; ask by put_id");
    }
    String put = request.getPutId().isEmpty() ? null : request.getPutId();
    return node.rejects(put, limit).map(Replies::rejects);
  }
}
