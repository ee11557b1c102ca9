package org.mesohub.grpc;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the public port that have told what they are: with HTTP/2 by its first bytes,
 * with HTTP/1 by a whole request. They are counted, and those that send no request in time are
 * closed. Until then the server's own idle time-out, which sees no bytes below a request, closes
 * them after {@link PortLimits#firstRequestMillis}, however they trickle. Thread-safe.
 */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** Name that Vert.x gives its idle handler. */
  private static final String IDLE_HANDLER = "idle";

  private final PortLimits limits;
  private final Map<HttpConnection, Watch> open = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** What is known of one connection. */
  private static final class Watch {
    private volatile long quietSinceNanos = System.nanoTime();
    private volatile boolean waiting = true;
    private volatile boolean first = true;
  }

  Connections(PortLimits limits) {
    this.limits = limits;
  }

  int size() {
    return count.get();
  }

  /** A connection that has told its protocol. */
  void opened(HttpConnection connection) {
    if (count.incrementAndGet() > limits.connectionsMax()) {
      count.decrementAndGet();
      refused.incrementAndGet();
      connection.close();
      return;
    }
    open.put(connection, new Watch());
    connection.closeHandler(
        closed -> {
          if (open.remove(connection) != null) {
            count.decrementAndGet();
          }
        });
    allowIdle(connection);
  }

  /** Replaces the short time-out of connections that are nobody yet. */
  private void allowIdle(HttpConnection connection) {
    if (connection instanceof HttpServerConnection known) {
      ChannelPipeline pipeline = known.channelHandlerContext().pipeline();
      if (pipeline.get(IDLE_HANDLER) != null) {
        pipeline.replace(
            IDLE_HANDLER,
            IDLE_HANDLER,
            new IdleStateHandler(0, 0, limits.idleMillis(), TimeUnit.MILLISECONDS));
      }
    }
  }

  /** A request whose headers are whole. */
  void requested(HttpServerRequest request) {
    Watch watch = open.get(request.connection());
    if (watch == null || (!watch.waiting && request.version() == HttpVersion.HTTP_2)) {
      return;
    }
    watch.first = false;
    watch.waiting = false;
    if (request.version() != HttpVersion.HTTP_2) {
      request
          .response()
          .endHandler(
              ended -> {
                watch.quietSinceNanos = System.nanoTime();
                watch.waiting = true;
              });
    }
  }

  /** Closes those that took too long, and tells of those that were refused. */
  void sweep() {
    int turnedAway = refused.getAndSet(0);
    if (turnedAway > 0) {
      LOG.warn(
          "{} connections refused: {} are open, the most there may be",
          turnedAway,
          limits.connectionsMax());
    }
    long now = System.nanoTime();
    open.forEach(
        (connection, watch) -> {
          long allowed = watch.first ? limits.firstRequestMillis() : limits.nextRequestMillis();
          if (watch.waiting && now - watch.quietSinceNanos > allowed * 1_000_000) {
            LOG.debug("connection closed: no request in {} ms", allowed);
            connection.close();
          }
        });
  }
}
