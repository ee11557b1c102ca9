package org.mesohub.grpc;

import com.google.protobuf.MessageLite;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.MessageSizeOverflowException;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import io.vertx.grpc.server.StatusException;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call on its way, on its own context. It ends exactly once, whichever comes first:
 *
 * <pre>
 *            ┌─ end ──────────► status OK
 *   open ────┼─ fail ─────────► status of the failure
 *            ├─ deadline ─────► DEADLINE_EXCEEDED
 *            └─ client gone ──► nobody to tell
 * </pre>
 *
 * and then runs its clean-up, ignores everything later and reads the rest of the request away.
 */
final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  /** Deadlines further away than this are no deadlines, in milliseconds. */
  private static final long DEADLINE_MS_MAX = 24L * 60 * 60 * 1000;

  /**
   * The HTTP request whose call is being opened on this thread: gRPC requests do not tell theirs.
   */
  private static final ThreadLocal<@Nullable FramedRequest> ARRIVING = new ThreadLocal<>();

  private final Vertx vertx;
  private final GrpcServerRequest<Buffer, Buffer> request;
  private final GrpcServerResponse<Buffer, Buffer> response;
  private final GrpcMetrics metrics;
  private final String method;
  private final Principal principal;
  private final long startedNanos = System.nanoTime();
  private long deadlineTimer = -1;
  private long stallTimer = -1;
  private boolean done;

  /** The bytes below the request's messages; null when they are not known. */
  private final @Nullable FramedRequest bytes = ARRIVING.get();

  private boolean bytesPaused;

  /** Whether a message is waited for, so that the bytes must stay paused. */
  private boolean bytesWait;

  private Runnable cleanup = () -> {};

  Call(
      Vertx vertx,
      GrpcServerRequest<Buffer, Buffer> request,
      GrpcMetrics metrics,
      String method,
      Principal principal) {
    this.vertx = vertx;
    this.request = request;
    this.response = request.response();
    this.metrics = metrics;
    this.method = method;
    this.principal = principal;
  }

  /** Watches over the call from now on. */
  void open() {
    metrics.started();
    request.errorHandler(error -> gone());
    request.exceptionHandler(error -> gone());
    response.exceptionHandler(error -> gone());
    request.invalidMessageHandler(
        error ->
            fail(
                error instanceof MessageSizeOverflowException
                    ? new StatusException(GrpcStatus.RESOURCE_EXHAUSTED, Inbound.TOO_LARGE)
                    : new StatusException(GrpcStatus.INVALID_ARGUMENT, Inbound.UNREADABLE)));
    if (bytes != null) {
      bytes.onFault(this::fail);
    }
    long timeoutMs = request.timeout();
    if (timeoutMs > 0 && timeoutMs < DEADLINE_MS_MAX) {
      deadlineTimer = vertx.setTimer(timeoutMs, id -> fail(deadlineExceeded()));
    }
  }

  /** When a timeout that has just arrived is over; Long.MAX_VALUE: there is none. */
  static long deadlineNanos(long timeoutMillis) {
    return timeoutMillis > 0 && timeoutMillis < DEADLINE_MS_MAX
        ? System.nanoTime() + 1_000_000 * timeoutMillis
        : Long.MAX_VALUE;
  }

  static StatusException deadlineExceeded() {
    return new StatusException(
        GrpcStatus.DEADLINE_EXCEEDED,
        "the client's deadline passed: allow more time; a put may have happened, repeat it with the"
            + " same token");
  }

  /** Opens the call of a request: what the server does with it finds its bytes. */
  static void arriving(FramedRequest request, Handler<HttpServerRequest> server) {
    ARRIVING.set(request);
    try {
      server.handle(new LastingRequest(request));
    } finally {
      ARRIVING.remove();
    }
  }

  /** Stops reading bytes of the request. */
  void pauseBytes() {
    HttpServerRequest reading = bytes;
    if (reading != null && !reading.isEnded()) {
      bytesPaused = true;
      bytesWait = true;
      reading.pause();
    }
  }

  /** Goes on reading bytes of the request, unless the messages read already stop it again. */
  void resumeBytes() {
    HttpServerRequest paused = bytes;
    if (paused == null || !bytesPaused) {
      return;
    }
    bytesWait = false;
    vertx
        .getOrCreateContext()
        .runOnContext(
            turn -> {
              if (!bytesWait && bytesPaused && !paused.isEnded()) {
                bytesPaused = false;
                paused.resume();
              }
            });
  }

  Principal principal() {
    return principal;
  }

  Vertx vertx() {
    return vertx;
  }

  GrpcMetrics metrics() {
    return metrics;
  }

  GrpcServerRequest<Buffer, Buffer> request() {
    return request;
  }

  boolean isDone() {
    return done;
  }

  /** What to let go of when the call ends, however it ends. */
  void cleanup(Runnable action) {
    if (done) {
      action.run();
    } else {
      cleanup = action;
    }
  }

  MultiMap trailers() {
    return response.trailers();
  }

  /**
   * Whether the client reads more slowly than is written; {@link #onDrain} tells when it caught up.
   */
  boolean isFull() {
    return response.writeQueueFull();
  }

  void onDrain(Handler<Void> handler) {
    response.drainHandler(
        drained -> {
          vertx.cancelTimer(stallTimer);
          handler.handle(drained);
        });
    vertx.cancelTimer(stallTimer);
    if (bytes != null) {
      stallTimer = vertx.setTimer(bytes.stalledMillis(), id -> cut());
    }
  }

  /**
   * Takes the call back from a client that does not read: a status would only wait behind what it
   * has not read.
   */
  private void cut() {
    if (done(GrpcStatus.CANCELLED)) {
      LOG.info("{} cut: the client has not read for {} ms", method, stalledMillis());
      response.cancel();
    }
  }

  /** Ends the call without a status: whoever called may be gone. */
  void reset() {
    if (done(GrpcStatus.CANCELLED)) {
      response.cancel();
    }
  }

  private long stalledMillis() {
    return bytes == null ? 0 : bytes.stalledMillis();
  }

  /** Sends one message; without effect once the call is done. */
  void write(Buffer message) {
    if (!done) {
      response.write(message);
    }
  }

  void write(MessageLite message) {
    write(Buffer.buffer(message.toByteArray()));
  }

  /** Sends the one message of a unary answer. */
  void end(Buffer message) {
    if (done(GrpcStatus.OK)) {
      response.end(message);
    }
  }

  void end(MessageLite message) {
    end(Buffer.buffer(message.toByteArray()));
  }

  void end() {
    if (done(GrpcStatus.OK)) {
      response.end();
    }
  }

  void fail(Throwable failure) {
    if (done) {
      return;
    }
    StatusException status = status(failure);
    if (done(status.status())) {
      response.fail(status);
    }
  }

  static StatusException status(Throwable failure) {
    if (failure instanceof StatusException status) {
      return status;
    }
    Statuses.Failure told = Statuses.of(failure);
    return new StatusException(told.status(), told.description());
  }

  /** Fails as the request being wrong. */
  void refuse(String message) {
    fail(new ApiException(ApiException.Reason.INVALID, message));
  }

  private void gone() {
    done(GrpcStatus.CANCELLED);
  }

  /** Whether this call of the method is the one that ends the call. */
  private boolean done(GrpcStatus status) {
    if (done) {
      return false;
    }
    done = true;
    if (deadlineTimer >= 0) {
      vertx.cancelTimer(deadlineTimer);
    }
    vertx.cancelTimer(stallTimer);
    metrics.ended(method, status, System.nanoTime() - startedNanos);
    request.messageHandler(null);
    request.endHandler(null);
    if (bytes != null) {
      bytes.drop();
    }
    request.resume();
    resumeBytes();
    cleanup.run();
    return true;
  }
}
