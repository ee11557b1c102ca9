package org.mesohub.grpc;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request below a call. It hands whole messages up only, for two reasons: the memory of
 * unfinished ones is counted over all calls, and a request that ends inside of a message is told
 * from one that ends after it, which the layers above do not do.
 */
final class FramedRequest extends HttpServerRequestWrapper {
  static final String ENDED_INSIDE =
      "the request ended inside of a message; nothing was stored, send it again whole";

  static final String TOO_MUCH =
      "too many bytes of unfinished messages are held for all calls together; nothing was stored,"
          + " send smaller messages or fewer at once, and try again";

  private final FrameCutter cutter = new FrameCutter(Inbound.MESSAGE_BYTES_MAX);
  private final UnfinishedBytes unfinished;
  private final long stalledMillis;
  private Consumer<StatusException> onFault = fault -> {};
  private @Nullable StatusException fault;
  private long counted;

  FramedRequest(HttpServerRequest request, PortGuard guard) {
    super((HttpServerRequestInternal) request);
    this.unfinished = guard.unfinished();
    this.stalledMillis = guard.limits().stalledMillis();
  }

  /** How long the client may leave the answer unread. */
  long stalledMillis() {
    return stalledMillis;
  }

  /** Who hears that the bytes are no whole messages, or too many. */
  void onFault(Consumer<StatusException> handler) {
    onFault = handler;
    if (fault != null) {
      handler.accept(fault);
    }
  }

  /** Lets go of what has begun; what still comes is read away. */
  void drop() {
    cutter.close();
    count();
  }

  @Override
  public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
    return super.handler(handler == null ? null : bytes -> take(bytes, handler));
  }

  private void take(Buffer bytes, Handler<Buffer> handler) {
    cutter.feed(bytes, handler::handle);
    if (!count()) {
      fail(new StatusException(GrpcStatus.RESOURCE_EXHAUSTED, TOO_MUCH));
    }
  }

  @Override
  public HttpServerRequest endHandler(@Nullable Handler<Void> handler) {
    return super.endHandler(
        handler == null
            ? null
            : end -> {
              if (cutter.held() > 0) {
                fail(new StatusException(GrpcStatus.INVALID_ARGUMENT, ENDED_INSIDE));
              }
              handler.handle(end);
            });
  }

  @Override
  public HttpServerRequest exceptionHandler(@Nullable Handler<Throwable> handler) {
    return super.exceptionHandler(
        handler == null
            ? null
            : failure -> {
              drop();
              handler.handle(failure);
            });
  }

  private void fail(StatusException failure) {
    drop();
    fault = failure;
    onFault.accept(failure);
  }

  /** Counts what is held now; false when that is more than there is room for. */
  private boolean count() {
    long before = counted;
    counted = cutter.room();
    return unfinished.add(counted - before);
  }
}
