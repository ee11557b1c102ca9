package org.mesohub.grpc;

import io.vertx.core.Context;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;

/**
 * One call on its way to the leader and back. On its own event loop:
 *
 * <pre>
 *             this node leads
 *   seeking ──────────────────► answered here
 *    │   ▲
 *    ▼   │ cannot be reached
 *   opening ──► streaming ──► ended: by the leader, the client, the deadline, or a lost connection
 *    │
 *    └─ no leader in time ──► UNAVAILABLE
 * </pre>
 *
 * Nothing is held of it but what the windows of its two streams hold. Once the first byte may have
 * reached a leader, the call goes to no other.
 */
final class RelayedCall {
  /** Pause before a leader that could not be reached is looked for again, in milliseconds. */
  private static final long AGAIN_MS = 20;

  /** Deadlines further away than this are no deadlines, in milliseconds. */
  private static final long DEADLINE_MS_MAX = 24L * 60 * 60 * 1000;

  /** HTTP/2 error code: the sender does not need the stream any more. */
  private static final long CANCEL = 8;

  /** HTTP/2 error code: the receiver has done nothing about the stream. */
  private static final long REFUSED_STREAM = 7;

  /** What belongs to the first of the two connections, or is not for the leader to see. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "authorization",
          "host",
          "connection",
          "content-length",
          GrpcTimeout.HEADER,
          RelayHeaders.REDIRECT);

  private final Relay relay;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final LeaderCall call;
  private final Principal principal;
  private final String path;
  private final long startedNanos = System.nanoTime();
  private final long timeoutNanos;
  private final Context context;

  private boolean done;
  private boolean waiting;
  private boolean sent;
  private boolean sentWhole;
  private boolean answeredWhole;
  private long patienceTimer = -1;
  private long deadlineTimer = -1;
  private @Nullable HttpClientRequest out;
  private @Nullable Member leader;

  RelayedCall(Relay relay, HttpServerRequest request, LeaderCall call, Principal principal) {
    this.relay = relay;
    this.request = request;
    this.response = request.response();
    this.call = call;
    this.principal = principal;
    this.path = String.valueOf(request.path());
    this.timeoutNanos = GrpcTimeout.nanos(request.getHeader(GrpcTimeout.HEADER));
    this.context = relay.vertx().getOrCreateContext();
  }

  void start() {
    relay.metrics().started();
    request.pause();
    request.exceptionHandler(gone -> clientGone());
    response.exceptionHandler(gone -> clientGone());
    waiting = true;
    relay.waits();
    patienceTimer = relay.vertx().setTimer(Relay.PATIENCE_MS, late -> noLeader());
    long timeoutMs = timeoutNanos / 1_000_000;
    if (timeoutMs < DEADLINE_MS_MAX) {
      deadlineTimer =
          relay.vertx().setTimer(Math.max(1, timeoutMs), late -> fail(Call.deadlineExceeded()));
    }
    seek();
  }

  private void seek() {
    if (done) {
      return;
    }
    Leadership leadership = relay.options().leadership();
    if (leadership.isSelf()) {
      answerHere();
      return;
    }
    Optional<Member> known = leadership.leader();
    if (known.isEmpty()) {
      leadership
          .awaitKnown(Duration.ofMillis(Relay.PATIENCE_MS))
          .onSuccess(found -> context.runOnContext(turn -> seek()));
    } else if ("true".equals(request.getHeader(RelayHeaders.REDIRECT))) {
      redirect(known.get());
    } else {
      open(known.get());
    }
  }

  private void answerHere() {
    done = true;
    letGo();
    relay.metrics().handedBack();
    request.exceptionHandler(null);
    response.exceptionHandler(null);
    relay.local().handle(request);
    request.resume();
  }

  private void redirect(Member to) {
    end(
        GrpcStatus.FAILED_PRECONDITION,
        "the leader is " + to.id() + " at " + to.publicAddress() + ": call it there",
        Map.of(RelayHeaders.LEADER, to.publicAddress()));
  }

  private void noLeader() {
    Member tried = leader;
    end(
        GrpcStatus.UNAVAILABLE,
        (tried == null
                ? "no leader is known"
                : "the leader " + tried.id() + " cannot be reached from here")
            + " and none was found within "
            + Relay.PATIENCE_MS
            + " ms; nothing was stored. A majority of the nodes must be up and see each other: try"
            + " again, or another node",
        Map.of());
  }

  private void open(Member to) {
    leader = to;
    relay
        .client()
        .open(to, path)
        .onComplete(
            opened -> {
              if (done) {
                opened.reset(CANCEL);
              } else {
                stream(to, opened);
              }
            },
            unreachable -> {
              if (!done) {
                relay.vertx().setTimer(AGAIN_MS, again -> seek());
              }
            });
  }

  private void stream(Member to, HttpClientRequest opened) {
    out = opened;
    stopWaiting();
    opened.setChunked(true);
    opened.exceptionHandler(this::lost);
    opened.response().onComplete(this::answered, this::lost);
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!OWN_HEADERS.contains(name) && !name.startsWith(":")) {
                opened.headers().add(name, value);
              }
            });
    RelayHeaders.set(opened.headers(), principal, relay.options().nodeId());
    if (timeoutNanos != Long.MAX_VALUE) {
      long left = timeoutNanos - (System.nanoTime() - startedNanos);
      opened.putHeader(GrpcTimeout.HEADER, GrpcTimeout.header(Math.max(1, left)));
    }
    if (request.isEnded()) {
      send(opened);
      return;
    }
    opened.drainHandler(drained -> request.resume());
    request.handler(
        bytes -> {
          sent = true;
          opened.write(bytes);
          if (opened.writeQueueFull()) {
            request.pause();
          }
        });
    request.endHandler(end -> send(opened));
    request.resume();
    if (!sent) {
      opened.sendHead();
    }
  }

  /** The request is whole. */
  private void send(HttpClientRequest opened) {
    sent = true;
    sentWhole = true;
    opened.end();
  }

  private void answered(HttpClientResponse answer) {
    if (done) {
      return;
    }
    answer.exceptionHandler(this::lost);
    boolean whole = answer.headers().contains(RawStatus.STATUS);
    if (!whole && answer.statusCode() != 200) {
      lost(new IllegalStateException("HTTP status " + answer.statusCode()));
      return;
    }
    answer.headers().forEach((name, value) -> response.headers().add(name, value));
    response.drainHandler(drained -> answer.resume());
    answer.handler(
        bytes -> {
          if (!done) {
            response.write(bytes);
            if (response.writeQueueFull()) {
              answer.pause();
            }
          }
        });
    answer.endHandler(end -> ended(answer, whole));
    if (!whole) {
      response.writeHead();
    }
  }

  private void ended(HttpClientResponse answer, boolean whole) {
    answeredWhole = true;
    if (done) {
      return;
    }
    String status = (whole ? answer.headers() : answer.trailers()).get(RawStatus.STATUS);
    if (status == null) {
      lost(new IllegalStateException("no status came"));
      return;
    }
    done(status);
    answer.trailers().forEach((name, value) -> response.trailers().add(name, value));
    response.end();
    stopSending();
  }

  /** The leader's side broke. */
  private void lost(Throwable failure) {
    if (done) {
      return;
    }
    boolean reset = failure instanceof StreamResetException;
    boolean refused = failure instanceof StreamResetException e && e.getCode() == REFUSED_STREAM;
    if (reset && !refused) {
      done("RESET");
      response.reset(((StreamResetException) failure).getCode());
      stopSending();
      return;
    }
    String who = leader == null ? "the leader" : "the leader " + leader.id();
    String cause = who + " was lost before its answer was whole (" + failure.getMessage() + ")";
    if (!call.changes()) {
      end(GrpcStatus.UNAVAILABLE, cause + "; ask again", Map.of());
    } else if (sent && !refused) {
      end(
          GrpcStatus.UNKNOWN,
          cause + "; the change may have happened: repeat with the same token",
          Map.of());
    } else {
      end(GrpcStatus.UNAVAILABLE, cause + "; nothing was stored, try again", Map.of());
    }
  }

  private void clientGone() {
    if (!done) {
      done(GrpcStatus.CANCELLED.name());
      HttpClientRequest stream = out;
      if (stream != null) {
        stream.reset(CANCEL);
      }
    }
  }

  private void fail(Throwable failure) {
    io.vertx.grpc.server.StatusException status = Call.status(failure);
    end(status.status(), String.valueOf(status.message()), Map.of());
  }

  /** Ends the call from here. */
  private void end(GrpcStatus status, String message, Map<String, String> trailers) {
    if (!done) {
      done(status.name());
      RawStatus.end(request, status, message, trailers);
      stopSending();
    }
  }

  /** Lets go of the leader's stream, and reads away what the client still sends. */
  private void stopSending() {
    HttpClientRequest stream = out;
    if (stream != null && !(sentWhole && answeredWhole)) {
      stream.reset(CANCEL);
    }
    if (!response.closed()) {
      RawStatus.drain(request);
    }
  }

  private void done(String status) {
    done = true;
    letGo();
    relay.metrics().relayed(path, status, System.nanoTime() - startedNanos);
  }

  private void letGo() {
    stopWaiting();
    relay.vertx().cancelTimer(deadlineTimer);
  }

  private void stopWaiting() {
    if (waiting) {
      waiting = false;
      relay.waited();
      relay.vertx().cancelTimer(patienceTimer);
    }
  }
}
