package org.mesohub.replication;

import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.tls.PeerTls;

/** The chunks of the other members: one client each. */
public final class ChunkPeers implements AutoCloseable {
  /** Windows below this halve the rate of uploads even on loopback. */
  private static final int STREAM_WINDOW_BYTES = 4 << 20;

  private static final int CONNECTION_WINDOW_BYTES = 8 << 20;

  private final List<PeerChunks> peers;

  /**
   * @param tls what this node proves itself with; null for plain text, between members on the
   *     loopback interface only
   */
  public ChunkPeers(Vertx vertx, Members members, @Nullable PeerTls tls, ReplicationLimits limits) {
    if (tls == null && !members.all().stream().allMatch(ChunkPeers::isLoopback)) {
      throw new IllegalArgumentException(
          "members on other hosts prove who they are: make certificates with 'mesohub cert'");
    }
    HttpClientOptions options = options(limits);
    if (tls != null) {
      tls.secure(options);
    }
    this.peers =
        members.others().stream()
            .map(member -> new PeerChunks(vertx, member, options, limits))
            .toList();
  }

  private static HttpClientOptions options(ReplicationLimits limits) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2ClearTextUpgrade(false)
        .setConnectTimeout(limits.connectMs())
        .setSslHandshakeTimeout(limits.callMs())
        .setSslHandshakeTimeoutUnit(java.util.concurrent.TimeUnit.MILLISECONDS)
        .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
  }

  private static boolean isLoopback(Member member) {
    String host = member.host();
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** In the order of the configuration. */
  List<PeerChunks> all() {
    return peers;
  }

  @Override
  public void close() {
    peers.forEach(PeerChunks::close);
  }
}
