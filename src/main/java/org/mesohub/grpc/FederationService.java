package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.Service;
import io.vertx.grpc.server.StatusException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.AnswerStream;
import org.mesohub.api.ApiException;
import org.mesohub.api.FederationApi;
import org.mesohub.api.FederationApi.PeerState;
import org.mesohub.api.FederationApi.Told;
import org.mesohub.api.RelayedQuery;
import org.mesohub.api.Right;
import org.mesohub.proto.v1.DigestUpdate;
import org.mesohub.proto.v1.DigestsRequest;
import org.mesohub.proto.v1.FederationServiceGrpcService;
import org.mesohub.proto.v1.PeerStatus;
import org.mesohub.proto.v1.PeersRequest;
import org.mesohub.proto.v1.PeersResponse;
import org.mesohub.routing.Digest;

/** {@code mesohub.v1.FederationService}. */
final class FederationService {
  private final FederationApi federation;

  private FederationService(FederationApi federation) {
    this.federation = federation;
  }

  static Service of(
      Vertx vertx,
      Admission admission,
      GrpcMetrics metrics,
      FederationApi federation,
      String nodeId) {
    var service = new FederationService(federation);
    return new Methods(vertx, admission, metrics, FederationServiceGrpcService.SERVICE_DESCRIPTOR)
            .serverStream("Digests", Right.PEER, DigestsRequest.parser(), service::digests)
            .serverStream(
                "Query",
                Right.PEER,
                org.mesohub.proto.v1.RelayedQuery.parser(),
                (call, ask) -> service.query(call, FederationCodec.read(ask)))
            .stream("Link", Right.PEER, call -> CallEnd.serve(vertx, call, federation, nodeId))
            .unary(
                "Peers",
                Right.READ,
                PeersRequest.parser(),
                (who, ask) -> Future.succeededFuture(service.peers(nodeId)))
            .build();
  }

  /** Throws unless the other side speaks a protocol that this one speaks. */
  static void agree(int from, int to) {
    if (from > FederationApi.PROTOCOL || to < FederationApi.PROTOCOL) {
      throw new StatusException(
          GrpcStatus.FAILED_PRECONDITION,
          "this cluster speaks protocol %d, not %d to %d: update the older of the two"
              .formatted(FederationApi.PROTOCOL, from, to));
    }
  }

  private void digests(Call call, DigestsRequest request) {
    agree(request.getProtocolMin(), request.getProtocolMax());
    if (request.getCluster().equals(federation.cluster())) {
      call.refuse(
          "cluster: the one that asks and this one are both named "
              + federation.cluster()
              + "; name one of them otherwise, or take it off its own list of peers");
      return;
    }
    FederationApi.Subscription subscription =
        federation.digests(request.getCluster(), told -> tell(call, told), call::fail);
    call.cleanup(subscription::cancel);
  }

  /** A peer that does not read gets the next sign of life later, and is not current until then. */
  private void tell(Call call, Told told) {
    boolean news =
        told.digest() != null
            || told.reachable().stream().anyMatch(other -> other.digest() != null);
    if (call.isFull()) {
      if (news) { // what it has not read grows no further
        call.fail(
            new ApiException(
                ApiException.Reason.UNAVAILABLE, "what was told before is not read; ask again"));
      }
      return;
    }
    var update =
        DigestUpdate.newBuilder()
            .setCluster(federation.cluster())
            .setProtocol(FederationApi.PROTOCOL)
            .setVersion(told.version())
            .setAgeMs(told.ageMillis());
    Digest digest = told.digest();
    if (digest != null) {
      update.setDigest(FederationCodec.write(digest));
    }
    for (FederationApi.Reachable other : told.reachable()) {
      var reachable =
          org.mesohub.proto.v1.Reachable.newBuilder()
              .setCluster(other.cluster())
              .setHops(other.hops())
              .setVersion(other.version())
              .setAgeMs(other.ageMillis());
      Digest of = other.digest();
      if (of != null) {
        reachable.setDigest(FederationCodec.write(of));
      }
      update.addReachable(reachable);
    }
    call.write(update.build());
  }

  private void query(Call call, RelayedQuery query) {
    long deadline = Call.deadlineNanos(call.request().timeout());
    federation
        .answer(query, name(call.principal()), deadline)
        .onComplete(answer -> answer(call, answer), call::fail);
  }

  /** Who the caller has proved to be; null where nobody has to. */
  static @Nullable String name(Principal principal) {
    return principal.equals(Principal.ANONYMOUS) ? null : principal.name();
  }

  private static void answer(Call call, AnswerStream answer) {
    call.cleanup(answer::close);
    if (call.isDone()) {
      return;
    }
    call.trailers().set(ObservationReads.COMMIT_TRAILER, Long.toString(answer.header().commit()));
    call.write(Replies.header(answer.header()));
    Outbound.pump(
        call,
        answer,
        batch -> List.of(Buffer.buffer(BatchCodec.queryResponse(batch.compact()))),
        () -> Replies.end(answer));
  }

  private PeersResponse peers(String nodeId) {
    var response = PeersResponse.newBuilder().setCluster(federation.cluster()).setNode(nodeId);
    federation.peers().forEach(peer -> response.addPeers(peer(peer)));
    return response.build();
  }

  private static PeerStatus peer(PeerState peer) {
    var status =
        PeerStatus.newBuilder()
            .setCluster(peer.cluster())
            .addAllEndpoints(peer.endpoints())
            .setEndpoint(peer.endpoint())
            .setCurrent(peer.current())
            .setTrouble(peer.trouble())
            .setDial(peer.dial())
            .setLinks(peer.links())
            .setLastContactMs(peer.lastContactMillis())
            .setAsked(peer.counts().asked())
            .setAvoided(peer.counts().avoided())
            .setInVain(peer.counts().inVain())
            .setFailed(peer.counts().failed())
            .setRows(peer.counts().rows());
    Digest digest = peer.digest();
    if (digest != null) {
      status
          .setVersion(digest.version())
          .setGeneration(digest.generation())
          .setNetworks(digest.networks().size())
          .setFill(digest.filter().fill())
          .setFilterBytes(digest.filter().words().length);
      if (digest.lastDay() >= digest.firstDay()) {
        status
            .setFirstDay(LocalDate.ofEpochDay(digest.firstDay()).toString())
            .setLastDay(LocalDate.ofEpochDay(digest.lastDay()).toString());
      }
    }
    return status.build();
  }
}
