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
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.LinkEnd;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.mesohub.forward.FederationSettings.Peer;

/**
 * The connections that a cluster holds open which nobody can call: a port on loopback leads into
 * them, each connection to that port into one of them. So calls of that cluster are calls like any
 * other, with HTTP/2's flow control for each of them. Belongs to one context but for {@link
 * #attach}.
 */
final class DialIn {
  /** Most connections held at once; further ones are refused. */
  private static final int LINES_MAX = 32;

  /**
   * Most calls that wait for one at once, and how long: the next one is dialled when one is used.
   */
  private static final int CALLS_MAX = 16;

  private static final long CALL_MS = 2_000;

  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final Context context;
  private final Peer peer;
  private final Set<Line> lines = new LinkedHashSet<>();
  private final Deque<Line> waiting = new ArrayDeque<>();
  private final Deque<NetSocket> calls = new ArrayDeque<>();
  private Runnable arrived = () -> {};
  private volatile int count;
  private @Nullable NetServer server;

  /** One of the connections. */
  private final class Line implements LinkEnd {
    private final String node;
    private final long epoch;
    private final LinkEnd other;

    /** What is being joined to it, or was. */
    private @Nullable NetSocket call;

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
          ? Future.failedFuture(
              new ApiException(
                  Reason.INVALID, "nothing was sent through this link yet that could be answered"))
          : to.write(bytes);
    }

    @Override
    public void end() {
      context.runOnContext(turn -> drop(this));
    }
  }

  DialIn(Vertx vertx, Context context, Peer peer) {
    this.vertx = vertx;
    this.context = context;
    this.peer = peer;
  }

  Peer peer() {
    return peer;
  }

  /** Opens the port; where it is. */
  Future<Endpoint> start() {
    NetServer open = vertx.createNetServer().connectHandler(this::called);
    server = open;
    return open.listen(0, LOOPBACK).map(at -> new Endpoint(LOOPBACK, at.actualPort()));
  }

  /** Is told of each connection that comes. */
  void onLine(Runnable listener) {
    arrived = listener;
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
        known.other.reset();
        drop(known);
      }
    }
    if (lines.size() >= LINES_MAX) {
      line.other.refuse(
          new ApiException(
              Reason.OVERLOADED,
              "%d links of %s are open here, the most there may be"
                  .formatted(LINES_MAX, peer.cluster())));
      return;
    }
    lines.add(line);
    count = lines.size();
    NetSocket call = calls.poll();
    if (call == null) {
      waiting.add(line);
    } else {
      join(call, line);
    }
    arrived.run();
  }

  private void drop(Line line) {
    if (lines.remove(line)) {
      waiting.remove(line);
      count = lines.size();
      LinkSocket socket = line.socket;
      NetSocket call = line.call;
      if (socket != null) {
        socket.end();
      } else if (call != null) {
        call.close();
      }
      line.other.end();
    }
  }

  private void called(NetSocket socket) {
    Line line = waiting.pollLast();
    if (line != null) {
      join(socket, line);
    } else if (calls.size() >= CALLS_MAX) {
      socket.close();
    } else {
      socket.pause();
      calls.add(socket);
      vertx.setTimer(
          CALL_MS,
          late -> {
            if (calls.remove(socket)) {
              socket.close();
            }
          });
    }
  }

  /** Begins with nothing, so that the other side knows at once that this one is in use. */
  private void join(NetSocket socket, Line line) {
    socket.pause();
    line.call = socket;
    line.other
        .write(Buffer.buffer())
        .onComplete(
            sent ->
                context.runOnContext(
                    turn -> {
                      if (sent.failed() || !lines.contains(line)) {
                        drop(line);
                        socket.close();
                        return;
                      }
                      line.socket = LinkSocket.join(context, socket, line.other);
                      socket.endHandler(end -> drop(line));
                      socket.resume();
                    }));
  }

  /** How many are held. */
  int lines() {
    return count;
  }

  void close() {
    new ArrayList<>(lines).forEach(this::drop);
    calls.forEach(NetSocket::close);
    calls.clear();
    NetServer open = server;
    if (open != null) {
      open.close();
    }
  }
}
