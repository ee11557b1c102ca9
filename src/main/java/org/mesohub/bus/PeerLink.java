package org.mesohub.bus;

import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What an endpoint knows of one peer. Threading: any. */
final class PeerLink {
  /** Heartbeats of a second, votes and an append, with room; a snapshot goes chunk by chunk. */
  private static final int MESSAGES_MAX = 64;

  private static final long BYTES_MAX = 2L * Frame.MESSAGE_BYTES_MAX;

  /** A whole message and where its answer goes. */
  record Complete(Message<Frame> last, byte[] bytes) {}

  final String id;
  final String address;
  final Credit credit = new Credit(MESSAGES_MAX, BYTES_MAX);
  final AtomicLong late = new AtomicLong();
  private final PeerClock clock = new PeerClock();
  private final Assembly assembly = new Assembly();
  private @Nullable Message<Frame> lastPiece;
  private @Nullable CompletableFuture<Long> pinging;
  private volatile long answeredNanos;
  private volatile boolean everAnswered;

  PeerLink(String id, String address) {
    this.id = id;
    this.address = address;
  }

  synchronized PeerClock.Verdict judge(Frame frame, long nowMicros) {
    return clock.judge(frame, nowMicros);
  }

  synchronized void answered(Frame answer, long askedMicros, long nowMicros) {
    clock.answered(answer.boot(), answer.sentMicros(), askedMicros, nowMicros);
    answeredNanos = System.nanoTime();
    everAnswered = true;
  }

  /** Takes a piece; the whole message with its last one. */
  synchronized Optional<Complete> assemble(Message<Frame> message) {
    Frame frame = message.body();
    if (frame.isLastPiece()) {
      lastPiece = message;
    }
    Message<Frame> last = lastPiece;
    return assembly.add(frame).map(bytes -> new Complete(last == null ? message : last, bytes));
  }

  /** The ping under way, or the given one. */
  synchronized CompletableFuture<Long> pingOnce(CompletableFuture<Long> next) {
    CompletableFuture<Long> current = pinging;
    if (current != null && !current.isDone()) {
      return current;
    }
    pinging = next;
    return next;
  }

  /** Since the peer last answered anything, milliseconds; empty when it never did. */
  Optional<Long> silentMillis() {
    return everAnswered
        ? Optional.of((System.nanoTime() - answeredNanos) / 1_000_000)
        : Optional.empty();
  }
}
