package org.mesohub.forward;

import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.FederationApi;
import org.mesohub.api.FederationApi.Reachable;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.forward.FederationSettings.Dial;
import org.mesohub.forward.FederationSettings.Endpoint;
import org.mesohub.grpc.FederationCodec;
import org.mesohub.proto.v1.DigestUpdate;
import org.mesohub.proto.v1.DigestsRequest;
import org.mesohub.proto.v1.FederationServiceGrpcClient;
import org.mesohub.routing.Digest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to what a peer says it holds, and begins again whenever that ends. Belongs to one event
 * loop.
 */
final class PeerLink {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

  /** Pause before the second try, and the longest; each is twice the one before. */
  private static final long PAUSE_MS = 200;

  private static final long PAUSE_MS_MAX = 5_000;

  /** A peer that says nothing for so long is called anew; it speaks twice a second. */
  private static final long SILENCE_MS = 3_000;

  /** Queries that are under way on a connection given up may still end by then. */
  private static final long GRACE_MS = 30_000;

  private final Vertx vertx;
  private final String cluster;
  private final PeerBook book;
  private final PeerClient client;
  private final PeerClient queries;
  private long pauseMs = PAUSE_MS;
  private long timer = -1;
  private int attempts;
  private boolean pausing;
  private long renewedNanos = System.nanoTime() - 1_000_000 * GRACE_MS;
  private @Nullable GrpcClientRequest<DigestsRequest, DigestUpdate> call;
  private @Nullable Endpoint asking;
  private boolean closed;

  /**
   * @param cluster name of this cluster
   * @param queries calls of others, which learn from here when a connection leads nowhere
   */
  PeerLink(Vertx vertx, String cluster, PeerBook book, PeerClient client, PeerClient queries) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.book = book;
    this.client = client;
    this.queries = queries;
  }

  void start() {
    pausing = false;
    asking = client.endpoint();
    int attempt = ++attempts;
    vertx.cancelTimer(timer);
    timer =
        vertx.setTimer(
            SILENCE_MS,
            late -> {
              attempts++; // what comes of this one no longer counts
              renew();
              lost(silent());
            });
    client
        .<DigestsRequest, DigestUpdate>open(FederationServiceGrpcClient.Digests)
        .onComplete(
            opened -> {
              if (attempt != attempts) {
                if (opened.succeeded()) {
                  opened.result().cancel();
                }
              } else if (opened.succeeded()) {
                ask(opened.result());
              } else {
                lost(opened.cause());
              }
            });
  }

  /** Does not wait any longer until the next try. */
  void retry() {
    if (pausing) {
      vertx.cancelTimer(timer);
      start();
    }
  }

  private void ask(GrpcClientRequest<DigestsRequest, DigestUpdate> request) {
    if (closed || call != null) {
      request.cancel();
      return;
    }
    call = request;
    quiet(request);
    request
        .response()
        .onSuccess(response -> listen(request, response))
        .onFailure(e -> lost(request, PeerClient.failure(e)));
    request.end(
        DigestsRequest.newBuilder()
            .setCluster(cluster)
            .setProtocolMin(FederationApi.PROTOCOL)
            .setProtocolMax(FederationApi.PROTOCOL)
            .build());
  }

  private void listen(
      GrpcClientRequest<DigestsRequest, DigestUpdate> request,
      GrpcClientResponse<DigestsRequest, DigestUpdate> response) {
    response.handler(update -> told(request, update));
    response.exceptionHandler(e -> lost(request, PeerClient.failure(e)));
    response.errorHandler(
        error -> lost(request, new PeerFailure(State.UNREACHABLE, "it reset the call: " + error)));
    response.endHandler(
        end -> {
          PeerFailure failure = PeerClient.failure(response);
          lost(
              request,
              failure == null ? new PeerFailure(State.UNREACHABLE, "it ended the call") : failure);
        });
  }

  private void told(GrpcClientRequest<DigestsRequest, DigestUpdate> request, DigestUpdate update) {
    if (!isCurrent(request)) {
      return;
    }
    if (!update.getCluster().equals(book.cluster())) {
      refuse(
          request,
          new PeerFailure(
              State.REFUSED,
              "%s is of cluster %s: put its name into peers, or another address"
                  .formatted(client.endpoint(), update.getCluster())));
      return;
    }
    Digest digest;
    List<Reachable> reachable;
    try {
      digest =
          update.hasDigest() ? FederationCodec.read(update.getCluster(), update.getDigest()) : null;
      reachable = FederationCodec.reachable(update.getReachableList());
    } catch (ApiException e) {
      refuse(request, new PeerFailure(State.REFUSED, "what it says it holds: " + e.getMessage()));
      return;
    }
    pauseMs = PAUSE_MS;
    if (book.state(System.nanoTime()).endpoint().isEmpty()) {
      LOG.info("peer {} tells what it holds, from {}", book.cluster(), client.endpoint());
    }
    book.connected(client.endpoint().toString());
    book.told(
        update.getVersion(),
        digest,
        reachable,
        System.nanoTime() - 1_000_000 * Math.max(0, update.getAgeMs()));
    quiet(request);
  }

  private boolean isCurrent(GrpcClientRequest<DigestsRequest, DigestUpdate> request) {
    return request == call;
  }

  /** Waits for the next sign of life. */
  private void quiet(GrpcClientRequest<DigestsRequest, DigestUpdate> request) {
    vertx.cancelTimer(timer);
    timer =
        vertx.setTimer(
            SILENCE_MS,
            late -> {
              refuse(request, silent());
              renew();
            });
  }

  /**
   * A connection on which nothing comes may lead nowhere: another one is made. Queries have one of
   * their own, which is in doubt as well where all go through links.
   */
  private void renew() {
    client.renew(0);
    long now = System.nanoTime();
    if (book.peer().dial() == Dial.IN && now - renewedNanos > 1_000_000 * GRACE_MS) {
      renewedNanos = now;
      queries.renew(GRACE_MS);
    }
  }

  private static PeerFailure silent() {
    return new PeerFailure(State.TIMEOUT, "it has said nothing for " + SILENCE_MS + " ms");
  }

  /** Ends a call from here; told first, as cancelling tells of itself. */
  private void refuse(
      GrpcClientRequest<DigestsRequest, DigestUpdate> request, PeerFailure failure) {
    lost(request, failure);
    request.cancel();
  }

  private void lost(GrpcClientRequest<DigestsRequest, DigestUpdate> request, PeerFailure failure) {
    if (isCurrent(request)) {
      call = null;
      lost(failure);
    }
  }

  private void lost(Throwable failure) {
    vertx.cancelTimer(timer);
    if (closed) {
      return;
    }
    Endpoint failed = asking;
    if (failed != null) {
      client.avoid(failed);
    }
    String text = String.valueOf(failure.getMessage());
    if (book.troubled(text)) {
      LOG.warn("peer {}: {}; trying again", book.cluster(), book.trouble());
    }
    long pause = pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1);
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX);
    pausing = true;
    timer = vertx.setTimer(pause, again -> start());
  }

  void close() {
    closed = true;
    pausing = false;
    vertx.cancelTimer(timer);
    GrpcClientRequest<DigestsRequest, DigestUpdate> open = call;
    if (open != null) {
      call = null;
      open.cancel();
    }
  }
}
