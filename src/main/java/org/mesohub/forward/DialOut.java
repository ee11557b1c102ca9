package org.mesohub.forward;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.FederationApi;
import org.mesohub.api.LinkEnd;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.mesohub.forward.FederationSettings.Peer;
import org.mesohub.proto.v1.FederationServiceGrpcClient;
import org.mesohub.proto.v1.LinkHello;
import org.mesohub.proto.v1.LinkMessage;
import org.mesohub.tls.PublicTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds connections to one endpoint of a peer open through which that peer calls this cluster, for
 * networks that let nobody in. One more is open than is in use; each leads to the public port of
 * this node. Pings notice within seconds when the way has been forgotten, by a router that
 * translates addresses, say. Belongs to one context.
 */
final class DialOut {
  private static final Logger LOG = LoggerFactory.getLogger(DialOut.class);

  /** Pause before the second try, and the longest; each is twice the one before. */
  private static final long PAUSE_MS = 200;

  private static final long PAUSE_MS_MAX = 5_000;

  private static final long PING_MS = 1_000;

  /**
   * A ping that is not answered by then, and the connection is given up; later when much was sent
   * shortly before, behind which it waits.
   */
  private static final long PONG_MS = 2_500;

  private static final long PONG_BUSY_MS = 10_000;

  /** A connection that is not made, or a link that is not answered, by then is tried anew. */
  private static final long DIAL_MS = 5_000;

  /** One that has lasted so long was a good one. */
  private static final long LASTING_NANOS = 10_000_000_000L;

  /** Most that are open at once, whatever the peer does with them. */
  private static final int LINES_MAX = 16;

  private static final int PING_BYTES = 8;
  private static final int CONNECT_MS = 2_000;

  private final Vertx vertx;
  private final Context context;
  private final String cluster;
  private final String node;
  private final Peer peer;
  private final PeerClient client;
  private final NetClient sockets;
  private final Endpoint own;
  private final Set<Line> lines = new HashSet<>();
  private @Nullable HttpConnection connection;
  private long epoch;
  private long pauseMs = PAUSE_MS;
  private long again = -1;
  private boolean waits;
  private boolean dialling;
  private long sentNanos = System.nanoTime() - 1_000_000 * PONG_BUSY_MS;
  private long pinging = -1;
  private String trouble = "";
  private boolean closed;
  private volatile int count;

  /**
   * @param cluster name of this one
   * @param node id of this node
   * @param identity what is shown to a peer that asks for a certificate; null: nothing
   * @param own where the public port of this node is
   */
  DialOut(
      Vertx vertx,
      String cluster,
      String node,
      Peer peer,
      @Nullable PublicTls identity,
      Endpoint own) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.cluster = cluster;
    this.node = node;
    this.peer = peer;
    this.own = own;
    this.client = new PeerClient(vertx, peer, identity);
    this.sockets = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MS));
  }

  /** One connection; until something comes through it, the spare one. */
  private final class Line implements LinkEnd {
    private final GrpcClientRequest<LinkMessage, LinkMessage> request;
    private @Nullable LinkSocket socket;
    private boolean greeted;

    /** Whether something has come through it, so that another one is the spare one. */
    private boolean used;

    private boolean ended;
    private final long openedNanos = System.nanoTime();

    Line(GrpcClientRequest<LinkMessage, LinkMessage> request) {
      this.request = request;
    }

    void open() {
      vertx.setTimer(
          DIAL_MS,
          late -> {
            if (!greeted) {
              ended(
                  new PeerFailure(
                      State.TIMEOUT, "it has not answered the link for " + DIAL_MS + " ms"));
            }
          });
      request.response().onSuccess(this::listen).onFailure(e -> ended(PeerClient.failure(e)));
      request.write(
          LinkMessage.newBuilder()
              .setHello(
                  LinkHello.newBuilder()
                      .setCluster(cluster)
                      .setNode(node)
                      .setEpoch(epoch)
                      .setProtocolMin(FederationApi.PROTOCOL)
                      .setProtocolMax(FederationApi.PROTOCOL))
              .build());
    }

    private void listen(GrpcClientResponse<LinkMessage, LinkMessage> response) {
      response.handler(message -> told(response, message));
      response.exceptionHandler(e -> ended(PeerClient.failure(e)));
      response.errorHandler(
          error -> ended(new PeerFailure(State.UNREACHABLE, "it reset the link: " + error)));
      response.endHandler(end -> ended(PeerClient.failure(response)));
    }

    private void told(GrpcClientResponse<LinkMessage, LinkMessage> response, LinkMessage message) {
      if (!greeted) {
        greeted(message.getHello());
        return;
      }
      response.pause();
      socket(message.getData())
          .onComplete(
              taken -> {
                if (taken.succeeded()) {
                  response.resume();
                } else {
                  ended(null);
                }
              });
    }

    private void greeted(LinkHello hello) {
      if (!hello.getCluster().equals(peer.cluster())) {
        ended(
            new PeerFailure(
                State.REFUSED,
                "%s is of cluster %s: put its name into peers, or another address"
                    .formatted(client.endpoint(), hello.getCluster())));
        return;
      }
      greeted = true;
      count = lines.size();
      if (!trouble.isEmpty() || lines.size() == 1) {
        trouble = "";
        LOG.info("peer {} can call this cluster, from {}", peer.cluster(), client.endpoint());
      }
    }

    /** The first bytes make the connection to the public port, and another spare one. */
    private Future<Void> socket(ByteString data) {
      Buffer bytes = Buffer.buffer(data.toByteArray());
      LinkSocket known = socket;
      if (known != null) {
        return here(known.write(bytes));
      }
      used = true;
      pauseMs = PAUSE_MS;
      spare();
      return sockets
          .connect(own.port(), own.host())
          .compose(
              made -> {
                if (ended) {
                  made.close();
                  return Future.failedFuture("the link has ended");
                }
                LinkSocket joined = LinkSocket.join(context, made, this);
                socket = joined;
                return here(joined.write(bytes));
              });
    }

    /** Completes on the context of the calls. */
    private Future<Void> here(Future<Void> elsewhere) {
      return Future.fromCompletionStage(elsewhere.toCompletionStage(), context);
    }

    @Override
    public Future<Void> write(Buffer bytes) {
      Promise<Void> welcome = Promise.promise();
      context.runOnContext(
          turn -> {
            if (ended) {
              welcome.fail("the link has ended");
              return;
            }
            sentNanos = System.nanoTime();
            request.write(
                LinkMessage.newBuilder()
                    .setData(UnsafeByteOperations.unsafeWrap(bytes.getBytes()))
                    .build());
            if (request.writeQueueFull()) {
              request.drainHandler(drained -> welcome.tryComplete());
            } else {
              welcome.complete();
            }
          });
      return welcome.future();
    }

    @Override
    public void end() {
      context.runOnContext(turn -> ended(null));
    }

    private void ended(@Nullable PeerFailure failure) {
      if (ended) {
        return;
      }
      ended = true;
      lines.remove(this);
      count = lines.size();
      LinkSocket joined = socket;
      if (joined != null) {
        joined.end();
      }
      if (used && failure == null && !closed) {
        request.end(); // what was sent before still arrives
      } else {
        request.cancel();
      }
      if (used) {
        spare();
      } else {
        if (System.nanoTime() - openedNanos > LASTING_NANOS) {
          pauseMs = PAUSE_MS;
        }
        lost(failure == null ? new PeerFailure(State.UNREACHABLE, "it ended the link") : failure);
      }
    }
  }

  void start() {
    spare();
  }

  /** How many are open. */
  int lines() {
    return count;
  }

  /** Sees to it that one is open which is not in use. */
  private void spare() {
    if (closed
        || waits
        || dialling
        || lines.size() >= LINES_MAX
        || lines.stream().anyMatch(line -> !line.used)) {
      return;
    }
    dialling = true;
    long late = vertx.setTimer(DIAL_MS, timer -> client.renew(0));
    client
        .<LinkMessage, LinkMessage>open(FederationServiceGrpcClient.Link)
        .onComplete(
            opened -> {
              vertx.cancelTimer(late);
              dialling = false;
              if (opened.succeeded()) {
                opened(opened.result());
              } else {
                lost(opened.cause());
              }
            });
  }

  private void opened(GrpcClientRequest<LinkMessage, LinkMessage> request) {
    if (closed) {
      request.cancel();
      return;
    }
    if (request.connection() != connection) {
      connection = request.connection();
      // Nobody's clock but the own: it need only rise, across restarts as well.
      epoch = Math.max(epoch + 1, System.currentTimeMillis());
      ping(request.connection());
    }
    var line = new Line(request);
    lines.add(line);
    line.open();
  }

  private void ping(HttpConnection over) {
    vertx.cancelTimer(pinging);
    pinging =
        vertx.setTimer(
            PING_MS,
            next -> {
              if (over != connection || closed) {
                return;
              }
              boolean busy = System.nanoTime() - sentNanos < 1_000_000 * PONG_BUSY_MS;
              long late = vertx.setTimer(busy ? PONG_BUSY_MS : PONG_MS, timer -> over.close());
              over.ping(Buffer.buffer(new byte[PING_BYTES]))
                  .onComplete(
                      pong -> {
                        vertx.cancelTimer(late);
                        if (pong.succeeded()) {
                          ping(over);
                        }
                      });
            });
  }

  private void lost(Throwable failure) {
    if (closed) {
      return;
    }
    String text = String.valueOf(failure.getMessage());
    if (!text.equals(trouble)) {
      LOG.warn("no link for peer {}: {}; trying again", peer.cluster(), text);
    }
    trouble = text;
    long pause = pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1);
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX);
    vertx.cancelTimer(again);
    waits = true;
    again =
        vertx.setTimer(
            pause,
            timer -> {
              waits = false;
              spare();
            });
  }

  void close() {
    closed = true;
    vertx.cancelTimer(again);
    vertx.cancelTimer(pinging);
    Set.copyOf(lines).forEach(line -> line.ended(null));
    sockets.close();
  }
}
