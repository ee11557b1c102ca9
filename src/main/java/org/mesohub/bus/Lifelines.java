package org.mesohub.bus;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.tls.PeerTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the bus port of every other node on which nothing is sent: the kernel closes it
 * the moment the node's process ends, however that comes about. When the port then refuses a new
 * connection, nobody is there any more; of a machine that hangs, a cut cable or a connection that
 * broke on its way this tells nothing.
 *
 * <p>Threading: any; listeners are called on an event loop, which they must not block.
 */
public final class Lifelines implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lifelines.class);

  /** Until a connection is tried again; the first time after it has ended, and later. */
  private static final long PAUSE_FIRST_MS = 20;

  private static final long PAUSE_MS = 500;

  private static final int CONNECT_TIMEOUT_MS = 1_000;

  /** A port that neither takes nor refuses a connection for so long is not refusing. */
  private static final int PROBE_TIMEOUT_MS = 100;

  private final Vertx vertx;
  private final Membership membership;
  private final NetClient lines;
  private final NetClient probe;

  // Guarded by this.
  private final Map<String, NetSocket> open = new HashMap<>();
  private final Set<String> wanted = new HashSet<>();

  /** Nodes whose connection has ended, and whose port did not refuse another one right then. */
  private final Set<String> doubtful = new HashSet<>();

  private @Nullable Consumer<String> listener;
  private boolean closed;

  /**
   * @param tls as the bus has it; null: plain text
   */
  public Lifelines(Vertx vertx, Membership membership, @Nullable PeerTls tls) {
    this.vertx = vertx;
    this.membership = membership;
    var options =
        new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setTcpKeepAlive(true);
    if (tls != null) {
      tls.secure(options.setHostnameVerificationAlgorithm("HTTPS"));
    }
    this.lines = vertx.createNetClient(options);
    this.probe = vertx.createNetClient(new NetClientOptions().setConnectTimeout(PROBE_TIMEOUT_MS));
    membership.onChange(this::follow);
  }

  /** Tells a listener the id of a node whose process has ended; null: nobody. */
  public synchronized void onGone(@Nullable Consumer<String> next) {
    listener = next;
  }

  /** Whether a node's port refuses connections now. */
  public Future<Boolean> isGone(String id) {
    Member member = membership.now().member(id).orElse(null);
    if (member == null) {
      return Future.succeededFuture(false);
    }
    return probe
        .connect(member.busPort(), member.host())
        .transform(
            tried -> {
              if (tried.succeeded()) {
                tried.result().close();
              }
              return Future.succeededFuture(isRefusal(tried.cause()));
            });
  }

  /** Whether somebody said that nobody is there; that nobody said anything tells nothing. */
  private static boolean isRefusal(@Nullable Throwable failure) {
    return failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException);
  }

  private synchronized void follow(Members members) {
    List<String> others = members.others().stream().map(Member::id).toList();
    wanted.retainAll(others);
    open.entrySet()
        .removeIf(
            line -> {
              boolean goes = !wanted.contains(line.getKey());
              if (goes) {
                line.getValue().closeHandler(null).close();
              }
              return goes;
            });
    others.stream().filter(wanted::add).forEach(this::connect);
  }

  private void connect(String id) {
    Member member = membership.now().member(id).orElse(null);
    synchronized (this) {
      if (closed || member == null || !wanted.contains(id)) {
        return;
      }
    }
    lines
        .connect(member.busPort(), member.host())
        .onSuccess(socket -> opened(id, socket))
        .onFailure(
            e -> {
              later(id, PAUSE_MS);
              if (isRefusal(e)) {
                refused(id);
              }
            });
  }

  private void refused(String id) {
    boolean ended;
    synchronized (this) {
      ended = doubtful.remove(id);
    }
    if (ended) {
      tell(id);
    }
  }

  private void later(String id, long pauseMs) {
    try {
      vertx.setTimer(pauseMs, timer -> connect(id));
    } catch (IllegalStateException e) {
      LOG.debug("the bus is closing", e);
    }
  }

  private void opened(String id, NetSocket socket) {
    synchronized (this) {
      if (closed || !wanted.contains(id)) {
        socket.close();
        return;
      }
      open.put(id, socket);
      doubtful.remove(id);
    }
    socket.closeHandler(end -> ended(id, socket));
  }

  private void ended(String id, NetSocket socket) {
    synchronized (this) {
      if (closed || !open.remove(id, socket)) {
        return;
      }
      doubtful.add(id);
    }
    isGone(id)
        .onSuccess(
            gone -> {
              if (gone) {
                refused(id);
              }
            });
    later(id, PAUSE_FIRST_MS);
  }

  private void tell(String id) {
    Consumer<String> told;
    synchronized (this) {
      told = closed ? null : listener;
    }
    LOG.info("the process of node {} has ended", id);
    if (told != null) {
      told.accept(id);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.clear();
    lines.close();
    probe.close();
  }
}
