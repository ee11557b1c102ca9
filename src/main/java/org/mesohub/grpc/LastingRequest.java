package org.mesohub.grpc;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/**
 * A request that may be paused and resumed at any time. When its last bytes bring more messages
 * than the queue of messages holds, that queue pauses a request that has ended already; HTTP
 * answers such a pause with an exception, and the end of the call would be lost.
 */
final class LastingRequest extends HttpServerRequestWrapper {
  LastingRequest(HttpServerRequest request) {
    super((HttpServerRequestInternal) request);
  }

  @Override
  public HttpServerRequest pause() {
    return isEnded() ? this : super.pause();
  }

  @Override
  public HttpServerRequest resume() {
    return isEnded() ? this : super.resume();
  }

  @Override
  public HttpServerRequest fetch(long amount) {
    return isEnded() ? this : super.fetch(amount);
  }
}
