package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.tls.PeerTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams to the internal ports of other nodes: one HTTP/2 connection to each, made when needed and
 * asked for a sign of life all the time, so that calls do not hang on a node that is stopped or cut
 * off. Belongs to one event loop.
 */
final class RelayClient {
  private static final Logger LOG = LoggerFactory.getLogger(RelayClient.class);

  /** What the leader may send on one stream before the client takes it, in bytes. */
  private static final int STREAM_WINDOW_BYTES = InternalServerVerticle.STREAM_WINDOW_BYTES;

  /**
   * A client that does not read must not stop others: all streams at once fit in here, in bytes.
   */
  private static final int CONNECTION_WINDOW_BYTES = InternalServerVerticle.CONNECTION_WINDOW_BYTES;

  /** Largest answer headers, in bytes. */
  private static final int HEADER_BYTES_MAX = 64 * 1024;

  /** Calls that wait for a stream when the connection has as many as it may. */
  private static final int WAITING_MAX = 1_000;

  private static final int CONNECT_MS = 1_000;

  /** Pause between two pings of a connection, in milliseconds. */
  private static final long PING_MS = 500;

  /** A connection without an answer to a ping for so long is closed, in milliseconds. */
  private static final long SILENCE_MS = 3_000;

  private final Vertx vertx;
  private final HttpClient client;

  RelayClient(Vertx vertx, @Nullable PeerTls tls) {
    this.vertx = vertx;
    var options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setTcpNoDelay(true)
            .setConnectTimeout(CONNECT_MS)
            .setSslHandshakeTimeout(CONNECT_MS)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setInitialSettings(
                new Http2Settings()
                    .setInitialWindowSize(STREAM_WINDOW_BYTES)
                    .setMaxHeaderListSize(HEADER_BYTES_MAX))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
    if (tls != null) {
      tls.secure(options);
    }
    this.client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp2MaxSize(1).setMaxWaitQueueSize(WAITING_MAX))
            .withConnectHandler(this::watch)
            .build();
  }

  /** Opens a stream; fails when the member cannot be reached, and then nothing was sent. */
  Future<HttpClientRequest> open(Member member, String path) {
    return client.request(
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(member.host())
            .setPort(member.internalPort())
            .setURI(path));
  }

  private void watch(HttpConnection connection) {
    var silence =
        new Object() {
          long sinceNanos = 0;
        };
    long timer =
        vertx.setPeriodic(
            PING_MS,
            turn -> {
              long now = System.nanoTime();
              if (silence.sinceNanos == 0) {
                silence.sinceNanos = now;
                connection
                    .ping(Buffer.buffer(new byte[Long.BYTES]))
                    .onSuccess(pong -> silence.sinceNanos = 0);
              } else if (now - silence.sinceNanos > SILENCE_MS * 1_000_000) {
                LOG.info(
                    "connection to {} closed: no sign of life for {} ms",
                    connection.remoteAddress(),
                    SILENCE_MS);
                connection.close();
              }
            });
    connection.exceptionHandler(
        broken -> LOG.debug("connection to {} broke", connection.remoteAddress(), broken));
    connection.closeHandler(closed -> vertx.cancelTimer(timer));
  }

  Future<Void> close() {
    return client.close();
  }
}
