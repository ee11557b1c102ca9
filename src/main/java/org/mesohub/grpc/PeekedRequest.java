package org.mesohub.grpc;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request whose first bytes were looked at before it was known who answers it. Whoever takes it
 * afterwards sets its handlers and resumes it, and gets everything from the first byte on.
 */
final class PeekedRequest extends HttpServerRequestWrapper {
  /** Most bytes that are looked at; a read that says more is one of thousands of stations. */
  static final int BYTES_MAX = 64 * 1024;

  private final List<Buffer> held = new ArrayList<>();
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private boolean given;

  PeekedRequest(HttpServerRequest request) {
    super((HttpServerRequestInternal) request);
  }

  /**
   * Gives the bytes of the whole request to a decision, none when they are more than is looked at.
   * A request that breaks before is decided by nobody.
   */
  void peek(Consumer<Buffer> decision) {
    Buffer first = Buffer.buffer();
    super.handler(
        bytes -> {
          held.add(bytes);
          first.appendBuffer(bytes);
          if (first.length() > BYTES_MAX) {
            super.pause();
            decide(decision, Buffer.buffer());
          }
        });
    super.endHandler(end -> decide(decision, first));
  }

  private void decide(Consumer<Buffer> decision, Buffer first) {
    if (!super.isEnded()) {
      super.handler(null);
      super.endHandler(null);
    }
    decision.accept(first);
  }

  @Override
  public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
    this.handler = handler;
    if (!super.isEnded()) {
      super.handler(handler);
    }
    return this;
  }

  @Override
  public HttpServerRequest endHandler(@Nullable Handler<Void> handler) {
    this.endHandler = handler;
    if (!super.isEnded()) {
      super.endHandler(handler);
    }
    return this;
  }

  /** Whether everything has been given on. */
  @Override
  public boolean isEnded() {
    return given && super.isEnded();
  }

  @Override
  public HttpServerRequest pause() {
    return super.isEnded() ? this : super.pause();
  }

  @Override
  public HttpServerRequest resume() {
    give();
    return super.isEnded() ? this : super.resume();
  }

  @Override
  public HttpServerRequest fetch(long amount) {
    give();
    return super.isEnded() ? this : super.fetch(amount);
  }

  private void give() {
    Handler<Buffer> to = handler;
    if (given || to == null) {
      return;
    }
    given = true;
    held.forEach(to::handle);
    held.clear();
    Handler<Void> end = endHandler;
    if (super.isEnded() && end != null) {
      end.handle(null);
    }
  }
}
