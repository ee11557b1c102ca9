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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.proto.internal.v1.NodeInfoRequest;
import org.mesohub.proto.internal.v1.NodeServiceGrpcClient;
import org.mesohub.proto.internal.v1.PinsRequest;
import org.mesohub.proto.internal.v1.PinsResponse;
import org.mesohub.tls.PeerTls;

/**
 * The other nodes of the cluster, asked over their internal ports. An answer that does not come in
 * time is a failure. Callable from any thread.
 */
public final class NodePeers implements AutoCloseable {
  private final GrpcClient client;
  private final long timeoutMillis;
  private final Map<String, PeerNode> peers = new LinkedHashMap<>();

  /**
   * @param tls what this node proves itself with; null: plain text
   * @param timeoutMillis longest wait for an answer
   */
  public NodePeers(Vertx vertx, Members members, @Nullable PeerTls tls, long timeoutMillis) {
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
    this.client = GrpcClient.client(vertx, new GrpcClientOptions(), http);
    for (Member member : members.others()) {
      peers.put(member.id(), new Peer(member));
    }
  }

  /** By id, in the order of the configuration. */
  public Map<String, PeerNode> all() {
    return java.util.Collections.unmodifiableMap(peers);
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

    private <Q, A> Future<A> call(ServiceMethod<A, Q> method, Q ask) {
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
