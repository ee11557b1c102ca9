package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.common.ServiceMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.mesohub.proto.internal.v1.NodeInfoRequest;
import org.mesohub.proto.internal.v1.NodeServiceGrpcClient;
import org.mesohub.proto.internal.v1.PinsRequest;
import org.mesohub.proto.internal.v1.PinsResponse;
import org.mesohub.proto.v1.Reject;
import org.mesohub.proto.v1.RejectsRequest;
import org.mesohub.store.RejectStore.Rejected;
import org.mesohub.tls.PeerTls;

/**
 * The other nodes of the cluster, asked over their internal ports. An answer that does not come in
 * time is a failure. Callable from any thread.
 */
public final class NodePeers implements AutoCloseable {
  /** The most rejects of one answer, and what is around them. */
  private static final long MESSAGE_BYTES_MAX = 5 << 20;

  /** An answer with many rejects takes longer, milliseconds. */
  private static final long REJECTS_MS = 10_000;

  private final GrpcClient client;
  private final long timeoutMillis;
  private final Membership membership;

  /**
   * @param tls what this node proves itself with; null: plain text
   * @param timeoutMillis longest wait for an answer
   */
  public NodePeers(Vertx vertx, Membership membership, @Nullable PeerTls tls, long timeoutMillis) {
    this.membership = membership;
    this.timeoutMillis = timeoutMillis;
    var http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setConnectTimeout((int) timeoutMillis)
            .setSslHandshakeTimeout(timeoutMillis)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    if (tls != null) {
      tls.secure(http);
    }
    this.client =
        GrpcClient.client(
            vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX), http);
  }

  /** Those of now by id, in the order of the members. */
  public Map<String, PeerNode> all() {
    Map<String, PeerNode> peers = new LinkedHashMap<>();
    for (Member member : membership.now().others()) {
      peers.put(member.id(), new Peer(member));
    }
    return peers;
  }

  private static Rejected rejected(Reject reject) {
    return new Rejected(
        reject.getPutId(),
        reject.getSource(),
        reject.getLine(),
        reject.getReason(),
        reject.getText(),
        reject.getTimeUs());
  }

  @Override
  public void close() {
    client.close();
  }

  private final class Peer implements PeerNode {
    private final SocketAddress address;

    Peer(Member member) {
      this.address = SocketAddress.inetSocketAddress(member.internalPort(), member.host());
    }

    @Override
    public Future<Info> info() {
      return call(NodeServiceGrpcClient.Info, NodeInfoRequest.getDefaultInstance())
          .map(NodeService::info);
    }

    @Override
    public Future<Boolean> clearBefore(long runsEpoch) {
      return call(
              NodeServiceGrpcClient.Pins, PinsRequest.newBuilder().setRunsEpoch(runsEpoch).build())
          .map(PinsResponse::getClear);
    }

    @Override
    public Future<List<Rejected>> rejects(@Nullable String putId, int limit) {
      return call(
              REJECTS_MS,
              NodeServiceGrpcClient.Rejects,
              RejectsRequest.newBuilder()
                  .setPutId(putId == null ? "" : putId)
                  .setLimit(limit)
                  .build())
          .map(answer -> answer.getRejectsList().stream().map(NodePeers::rejected).toList());
    }

    private <Q, A> Future<A> call(ServiceMethod<A, Q> method, Q ask) {
      return call(timeoutMillis, method, ask);
    }

    private <Q, A> Future<A> call(long timeoutMillis, ServiceMethod<A, Q> method, Q ask) {
      return client
          .request(address, method)
          .compose(
              request -> {
                request.timeout(timeoutMillis, TimeUnit.MILLISECONDS);
                Future<A> answer = request.response().compose(response -> response.last());
                request.end(ask);
                return answer;
              })
          .timeout(2 * timeoutMillis, TimeUnit.MILLISECONDS);
    }
  }
}
