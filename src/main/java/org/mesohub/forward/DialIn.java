package org.mesohub.forward;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.LinkEnd;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that a cluster holds open which nobody can call: a port on loopback leads into
 * them, each connection to that port into one of them. So calls of that cluster are calls like any
 * other, with HTTP/2's flow control for each of them. Belongs to one context but for {@link
 * #attach}.
 */
final class DialIn {
  private static final Logger LOG = LoggerFactory.getLogger(DialIn.class);

  /** Most connections held at once; further ones are ended. */
  private static final int LINES_MAX = 32;

  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final Context context;
  private final String cluster;
  private final Set<Line> lines = new LinkedHashSet<>();
  private final Deque<Line> waiting = new ArrayDeque<>();
  private volatile int count;
  private @Nullable NetServer server;

  /** One of the connections. */
  private final class Line implements LinkEnd {
    private final String node;
    private final long epoch;
    private final LinkEnd other;
    private volatile @Nullable LinkSocket socket;

    Line(String node, long epoch, LinkEnd other) {
      this.node = node;
      this.epoch = epoch;
      this.other = other;
    }

    @Override
    public Future<Void> write(Buffer bytes) {
      LinkSocket to = socket;
      return to == null
          ? Future.failedFuture("nothing was sent here yet that could be answered")
          : to.write(bytes);
    }

    @Override
    public void end() {
      context.runOnContext(turn -> drop(this));
    }
  }

  DialIn(Vertx vertx, Context context, String cluster) {
    this.vertx = vertx;
    this.context = context;
    this.cluster = cluster;
  }

  /** Opens the port; where it is. */
  Future<Endpoint> start() {
    NetServer open = vertx.createNetServer().connectHandler(this::called);
    server = open;
    return open.listen(0, LOOPBACK).map(at -> new Endpoint(LOOPBACK, at.actualPort()));
  }

  /** Takes a connection in; callable from any thread. */
  LinkEnd attach(String node, long epoch, LinkEnd other) {
    var line = new Line(node, epoch, other);
    context.runOnContext(turn -> add(line));
    return line;
  }

  private void add(Line line) {
    for (Line known : new ArrayList<>(lines)) {
      if (known.node.equals(line.node) && known.epoch < line.epoch) {
        drop(known);
      }
    }
    if (lines.size() >= LINES_MAX) {
      LOG.warn("cluster {} holds more than {} connections open", cluster, LINES_MAX);
      line.other.end();
      return;
    }
    lines.add(line);
    waiting.add(line);
    count = lines.size();
  }

  private void drop(Line line) {
    if (lines.remove(line)) {
      waiting.remove(line);
      count = lines.size();
      LinkSocket socket = line.socket;
      if (socket != null) {
        socket.end();
      }
      line.other.end();
    }
  }

  private void called(NetSocket socket) {
    Line line = waiting.pollLast();
    if (line == null) {
      socket.close();
    } else {
      line.socket = LinkSocket.join(context, socket, line.other);
      socket.closeHandler(closed -> drop(line));
    }
  }

  /** How many are held. */
  int lines() {
    return count;
  }

  void close() {
    new ArrayList<>(lines).forEach(this::drop);
    NetServer open = server;
    if (open != null) {
      open.close();
    }
  }
}
