package org.mesohub.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place on the bus: asks peers and answers them, under addresses made of the cluster's and
 * the nodes' configured ids. A question is answered, or fails after the time of its {@link Kind};
 * beyond a peer's credit it fails at once.
 *
 * <p>What comes late is dropped ({@link PeerClock}); whoever sent it has given up. A message that
 * is larger than a frame travels in pieces, the last of which is the one that is answered.
 *
 * <p>Threading: any. Futures complete on threads of the bus, which must not be blocked.
 */
public final class BusEndpoint {
  /** Works off what peers ask. Called on the lane of the kind, which it may block. */
  interface Handler {
    CompletionStage<byte[]> handle(Kind kind, byte[] message);
  }

  /** Failure codes on the bus. */
  private enum Refusal {
    UNREADABLE,
    STRANGER,
    NOT_READY,
    BUSY,
    FAILED
  }

  private static final Logger LOG = LoggerFactory.getLogger(BusEndpoint.class);

  private final Vertx vertx;
  private final EventBus bus;
  private final String clusterId;
  private final String selfId;
  private final long boot = new SecureRandom().nextLong();
  private final long originNanos = System.nanoTime();
  private final AtomicLong requestIds = new AtomicLong();
  private final Map<String, PeerLink> peers = new ConcurrentHashMap<>();
  private final Lanes lanes;
  private volatile @Nullable Handler handler;
  private volatile @Nullable UnaryOperator<byte[]> greetings;
  private volatile @Nullable Function<byte[], CompletableFuture<byte[]>> suspicions;
  private volatile @Nullable LongSupplier ownTerm;
  private @Nullable MessageConsumer<Frame> consumer;

  /**
   * @param peerIds the other nodes of the cluster; more can be met later
   */
  public BusEndpoint(Vertx vertx, String clusterId, String selfId, Collection<String> peerIds) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.clusterId = clusterId;
    this.selfId = selfId;
    this.lanes = new Lanes(selfId);
    peerIds.forEach(this::meet);
  }

  /** Where a node of a cluster is to be found on the bus. */
  static String address(String clusterId, String nodeId) {
    return "raft." + clusterId + "." + nodeId;
  }

  String selfId() {
    return selfId;
  }

  /** Ids of the peers, in no order. */
  public Collection<String> peerIds() {
    return List.copyOf(peers.keySet());
  }

  /** Lets a node take part that was not known at first. */
  public void meet(String peerId) {
    if (!peerId.equals(selfId)) {
      peers.computeIfAbsent(peerId, id -> new PeerLink(id, address(clusterId, id)));
    }
  }

  /** Takes a node for a stranger from now on. */
  public void forget(String peerId) {
    peers.remove(peerId);
  }

  /** Begins to answer; pings only, until there is a handler. */
  public Future<Void> start() {
    try {
      bus.registerCodec(new FrameCodec());
    } catch (IllegalStateException e) {
      LOG.debug("another endpoint on this bus has registered the codec", e);
    }
    return listen();
  }

  private synchronized Future<Void> listen() {
    MessageConsumer<Frame> registered = bus.consumer(address(clusterId, selfId));
    consumer = registered;
    registered.handler(this::receive);
    return registered.completion();
  }

  /** Registers the own address anew; what is under way meanwhile may be lost. */
  synchronized Future<Void> listenAnew() {
    MessageConsumer<Frame> old = consumer;
    return old == null ? listen() : old.unregister().eventually(this::listen).mapEmpty();
  }

  void serve(@Nullable Handler next) {
    handler = next;
  }

  public synchronized Future<Void> close() {
    handler = null;
    greetings = null;
    suspicions = null;
    ownTerm = null;
    lanes.close();
    MessageConsumer<Frame> old = consumer;
    return old == null ? Future.succeededFuture() : old.unregister();
  }

  /** Asks a peer; fails with {@link BusException}. */
  CompletableFuture<byte[]> ask(String peerId, Kind kind, long term, byte[] message) {
    PeerLink peer = peers.get(peerId);
    if (peer == null) {
      return CompletableFuture.failedFuture(new BusException("no node " + peerId + " is known"));
    }
    return send(peer, kind, term, message).thenApply(answer -> answer.payload().getBytes());
  }

  /** Greets a peer, whose log need not be open; fails with {@link BusException}. */
  public CompletableFuture<byte[]> greet(String peerId, byte[] message) {
    return ask(peerId, Kind.GREETING, 0, message);
  }

  /** Answers greetings from now on, on a thread that may be blocked; null: no longer. */
  public void answerGreetings(@Nullable UnaryOperator<byte[]> answers) {
    greetings = answers;
  }

  /** Asks a peer whether the leader has ended for it, too; fails with {@link BusException}. */
  public CompletableFuture<byte[]> suspect(String peerId, byte[] message) {
    return ask(peerId, Kind.SUSPICION, 0, message);
  }

  /** Answers suspicions from now on; null: no longer. */
  public void answerSuspicions(@Nullable Function<byte[], CompletableFuture<byte[]>> answers) {
    suspicions = answers;
  }

  /** The term of a peer, now or later than this call; fails with {@link BusException}. */
  public CompletableFuture<Long> term(String peerId) {
    return ask(peerId, Kind.TERM, 0, new byte[0])
        .thenApply(answer -> Buffer.buffer(answer).getLong(0));
  }

  /** Tells peers the own term from now on, on an event loop; null: no longer. */
  public void answerTerms(@Nullable LongSupplier term) {
    ownTerm = term;
  }

  /** Round trip to a peer, microseconds; a ping under way is shared. */
  CompletableFuture<Long> ping(String peerId) {
    PeerLink peer = peers.get(peerId);
    return peer == null
        ? CompletableFuture.failedFuture(new BusException("no node " + peerId + " is known"))
        : ping(peer);
  }

  private CompletableFuture<Long> ping(PeerLink peer) {
    CompletableFuture<Long> mine = new CompletableFuture<>();
    CompletableFuture<Long> shared = peer.pingOnce(mine);
    if (shared == mine) {
      long askedMicros = nowMicros();
      send(peer, Kind.PING, 0, new byte[0])
          .whenComplete(
              (answer, failure) -> {
                if (failure == null) {
                  mine.complete(nowMicros() - askedMicros);
                } else {
                  mine.completeExceptionally(failure);
                }
              });
    }
    return shared;
  }

  private CompletableFuture<Frame> send(PeerLink peer, Kind kind, long term, byte[] message) {
    CompletableFuture<Frame> answer = new CompletableFuture<>();
    if (!peer.credit.take(message.length)) {
      answer.completeExceptionally(
          new BusException("too much is under way to node %s: %s".formatted(peer.id, peer.credit)));
      return answer;
    }
    long askedMicros = nowMicros();
    List<Frame> frames =
        Frame.cut(kind, selfId, boot, requestIds.incrementAndGet(), askedMicros, term, message);
    DeliveryOptions options =
        new DeliveryOptions()
            .setCodecName(FrameCodec.NAME)
            .setSendTimeout(kind.timeout().toMillis());
    request(peer.address, frames, options)
        .onComplete(
            outcome -> {
              peer.credit.giveBack(message.length);
              if (outcome.succeeded()) {
                peer.answered(outcome.result().body(), askedMicros, nowMicros());
                answer.complete(outcome.result().body());
              } else {
                answer.completeExceptionally(
                    new BusException(
                        "node %s does not answer: %s"
                            .formatted(peer.id, outcome.cause().getMessage()),
                        outcome.cause()));
              }
            });
    return answer;
  }

  private Future<Message<Frame>> request(
      String address, List<Frame> frames, DeliveryOptions options) {
    try {
      for (Frame piece : frames.subList(0, frames.size() - 1)) {
        bus.send(address, piece, options);
      }
      return bus.request(address, frames.get(frames.size() - 1), options);
    } catch (IllegalStateException e) {
      return Future.failedFuture(e); // the bus is closing
    }
  }

  private void receive(Message<Frame> message) {
    Frame frame;
    try {
      frame = message.body();
    } catch (RuntimeException e) {
      refuse(message, Refusal.UNREADABLE, String.valueOf(e.getMessage()));
      return;
    }
    PeerLink peer = peers.get(frame.sender());
    if (peer == null) {
      refuse(message, Refusal.STRANGER, "node " + frame.sender() + " is not of this cluster");
    } else if (frame.kind() == Kind.PING) {
      answer(message, frame, new byte[0]);
    } else if (frame.kind() == Kind.TERM) {
      tellTerm(message, frame);
    } else {
      judge(message, frame, peer, true);
    }
  }

  private void tellTerm(Message<Frame> message, Frame frame) {
    LongSupplier term = ownTerm;
    if (term == null) {
      refuse(message, Refusal.NOT_READY, "the log of node " + selfId + " is not open");
    } else {
      answer(message, frame, Buffer.buffer().appendLong(term.getAsLong()).getBytes());
    }
  }

  private void judge(Message<Frame> message, Frame frame, PeerLink peer, boolean mayAsk) {
    switch (peer.judge(frame, nowMicros())) {
      case FRESH -> peer.assemble(message).ifPresent(whole -> work(whole, frame));
      case LATE -> peer.late.incrementAndGet();
      case NOT_MET -> {
        if (mayAsk) {
          ping(peer)
              .thenRun(() -> judge(message, frame, peer, false))
              .exceptionally(failure -> countLate(peer));
        } else {
          countLate(peer);
        }
      }
    }
  }

  private static @Nullable Void countLate(PeerLink peer) {
    peer.late.incrementAndGet();
    return null;
  }

  private @Nullable Handler handlerOf(Kind kind) {
    UnaryOperator<byte[]> welcome = greetings;
    Function<byte[], CompletableFuture<byte[]>> doubt = suspicions;
    return switch (kind) {
      case GREETING ->
          welcome == null
              ? null
              : (same, message) -> CompletableFuture.completedFuture(welcome.apply(message));
      case SUSPICION -> doubt == null ? null : (same, message) -> doubt.apply(message);
      default -> handler;
    };
  }

  private void work(PeerLink.Complete whole, Frame frame) {
    Handler current = handlerOf(frame.kind());
    if (current == null) {
      refuse(whole.last(), Refusal.NOT_READY, "the log of node " + selfId + " is not open");
      return;
    }
    boolean taken =
        lanes.run(
            frame.kind().lane(),
            () ->
                handle(current, frame.kind(), whole.bytes())
                    .whenComplete(
                        (answer, failure) -> {
                          if (failure == null) {
                            answer(whole.last(), frame, answer);
                          } else {
                            refuse(whole.last(), Refusal.FAILED, failure.toString());
                          }
                        }));
    if (!taken) {
      refuse(whole.last(), Refusal.BUSY, "node " + selfId + " is busy");
    }
  }

  private static CompletionStage<byte[]> handle(Handler handler, Kind kind, byte[] message) {
    try {
      return handler.handle(kind, message);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void answer(Message<Frame> message, Frame asked, byte[] payload) {
    message.reply(
        new Frame(
            Kind.REPLY,
            selfId,
            boot,
            asked.requestId(),
            nowMicros(),
            asked.ttlMillis(),
            0,
            0,
            1,
            Buffer.buffer(payload)),
        new DeliveryOptions().setCodecName(FrameCodec.NAME));
  }

  private static void refuse(Message<Frame> message, Refusal why, String text) {
    message.fail(why.ordinal() + 1, text);
  }

  /** Frames of the peer that came too late and were dropped. */
  public long lateFrames(String peerId) {
    PeerLink peer = peers.get(peerId);
    return peer == null ? 0 : peer.late.get();
  }

  /** Since the peer last answered, milliseconds; -1 when it never did. */
  public long silentMillis(String peerId) {
    PeerLink peer = peers.get(peerId);
    return peer == null ? -1 : peer.silentMillis().orElse(-1L);
  }

  Vertx vertx() {
    return vertx;
  }

  /** The monotonic clock of this process, microseconds. */
  private long nowMicros() {
    return (System.nanoTime() - originNanos) / 1_000;
  }
}
