package org.mesohub.replication;

import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.tls.PeerTls;

/** The chunks of the other members: one client each, as they come and go. */
public final class ChunkPeers implements AutoCloseable {
  /** Windows below this halve the rate of uploads even on loopback. */
  private static final int STREAM_WINDOW_BYTES = 4 << 20;

  private static final int CONNECTION_WINDOW_BYTES = 8 << 20;

  private final Vertx vertx;
  private final @Nullable PeerTls tls;
  private final ReplicationLimits limits;
  private final HttpClientOptions options;
  private volatile List<PeerChunks> peers = List.of();

  /**
   * @param tls what this node proves itself with; null for plain text, between members on the
   *     loopback interface only
   */
  public ChunkPeers(
      Vertx vertx, Membership membership, @Nullable PeerTls tls, ReplicationLimits limits) {
    this.vertx = vertx;
    this.tls = tls;
    this.limits = limits;
    this.options = options(limits);
    if (tls != null) {
      tls.secure(options);
    }
    membership.now().others().forEach(this::check);
    membership.onChange(this::become);
  }

  private void check(Member member) {
    if (tls == null && !member.isLoopback()) {
      throw new IllegalArgumentException(
          "members on other hosts prove who they are: make certificates with 'mesohub cert'");
    }
  }

  /** Keeps the connections to those that stay as they are. */
  private void become(Members members) {
    List<PeerChunks> before = peers;
    List<PeerChunks> now = new ArrayList<>();
    for (Member member : members.others()) {
      if (tls != null || member.isLoopback()) {
        now.add(
            before.stream()
                .filter(peer -> peer.member().equals(member))
                .findFirst()
                .orElseGet(() -> new PeerChunks(vertx, member, options, limits)));
      }
    }
    peers = List.copyOf(now);
    before.stream().filter(peer -> !now.contains(peer)).forEach(PeerChunks::close);
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

  /** In the order of the members. */
  List<PeerChunks> all() {
    return peers;
  }

  @Override
  public void close() {
    peers.forEach(PeerChunks::close);
  }
}
