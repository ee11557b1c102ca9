package org.mesohub.grpc;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;

/**
 * Hands calls that need the leader on to it, while this node does not lead: as streams of bytes,
 * both ways, without looking into messages. Whether the caller may is decided here, before. Belongs
 * to one instance of the public port and its event loop.
 */
final class Relay {
  /** Longest wait for a leader that can be reached, in milliseconds. */
  static final long PATIENCE_MS = 3_000;

  /** Most calls that wait for one at once. */
  static final int WAITING_MAX = 1_000;

  private final Vertx vertx;
  private final RelayOptions options;
  private final Admission admission;
  private final GrpcMetrics metrics;
  private final Handler<HttpServerRequest> local;
  private final RelayClient client;
  private int waiting;

  /**
   * @param local answers calls here
   */
  Relay(
      Vertx vertx,
      RelayOptions options,
      Admission admission,
      GrpcMetrics metrics,
      Handler<HttpServerRequest> local) {
    this.vertx = vertx;
    this.options = options;
    this.admission = admission;
    this.metrics = metrics;
    this.local = local;
    this.client = new RelayClient(vertx, options.tls());
  }

  /** Takes a call that has just arrived, whoever is to answer it. */
  void handle(HttpServerRequest arrived) {
    LeaderCall call = LeaderCall.at(arrived.path());
    if (call == null || options.leadership().isSelf()) {
      local.handle(arrived);
      return;
    }
    if (call.stalenessField() == 0) {
      relay(new LastingRequest(arrived), call);
      return;
    }
    var peeked = new PeekedRequest(arrived);
    peeked.peek(
        first -> {
          long millis = Staleness.millis(first, call.stalenessField());
          if (millis > 0 && options.stale().within(Duration.ofMillis(millis))) {
            local.handle(peeked);
            peeked.resume();
          } else {
            relay(peeked, call);
          }
        });
  }

  private void relay(HttpServerRequest request, LeaderCall call) {
    try {
      Principal principal = admission.admit(request.headers(), call.right());
      if (waiting >= WAITING_MAX) {
        throw new ApiException(
            Reason.UNAVAILABLE,
            "no leader is known and "
                + WAITING_MAX
                + " calls wait for one already; nothing was stored, try again in a second");
      }
      new RelayedCall(this, request, call, principal).start();
    } catch (RuntimeException e) {
      RawStatus.end(request, e);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  RelayOptions options() {
    return options;
  }

  GrpcMetrics metrics() {
    return metrics;
  }

  RelayClient client() {
    return client;
  }

  Handler<HttpServerRequest> local() {
    return local;
  }

  void waits() {
    waiting++;
  }

  void waited() {
    waiting--;
  }

  Future<Void> close() {
    return client.close();
  }
}
