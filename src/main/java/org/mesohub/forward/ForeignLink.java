package org.mesohub.forward;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClientRequest;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.PeerOutcome.State;
import org.mesohub.proto.contract.CommunicationServiceGrpcClient;
import org.mesohub.proto.contract.PingRequest;
import org.mesohub.proto.contract.Request;
import org.mesohub.proto.contract.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pings a cluster that speaks the contract of 2018 only, to tell whether it is there; what it holds
 * it cannot say. Belongs to one event loop.
 */
final class ForeignLink {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignLink.class);

  private static final long PAUSE_MS = 5_000;
  private static final long TIMEOUT_MS = 3_000;

  /** Queries on a connection that is given up may still end by then. */
  private static final long GRACE_MS = 30_000;

  private final Vertx vertx;
  private final String cluster;
  private final PeerBook book;
  private final PeerClient client;
  private long timer = -1;
  private int attempts;
  private boolean closed;

  /**
   * @param cluster name of this one
   */
  ForeignLink(Vertx vertx, String cluster, PeerBook book, PeerClient client) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.book = book;
    this.client = client;
  }

  void start() {
    if (closed) {
      return;
    }
    int attempt = ++attempts;
    long late =
        vertx.setTimer(
            TIMEOUT_MS,
            timer -> {
              client.renew(GRACE_MS);
              over(
                  attempt,
                  new PeerFailure(
                      State.TIMEOUT, "it has not answered a ping for " + TIMEOUT_MS + " ms"));
            });
    client
        .<Request, Response>open(CommunicationServiceGrpcClient.ping)
        .compose(this::ask)
        .onComplete(
            answer -> {
              vertx.cancelTimer(late);
              over(attempt, answer.succeeded() ? null : PeerClient.failure(answer.cause()));
            });
  }

  /** Of a ping that was given up nothing counts any more. */
  private void over(int attempt, @Nullable PeerFailure failure) {
    if (closed || attempt != attempts) {
      return;
    }
    attempts++;
    if (failure == null || failure.state() == State.REFUSED) { // it need not know pings
      book.alive(client.endpoint().toString(), System.nanoTime());
    } else {
      client.avoid(client.endpoint());
      if (book.troubled(String.valueOf(failure.getMessage()))) {
        LOG.warn("peer {}: {}; trying again", book.cluster(), book.trouble());
      }
    }
    timer = vertx.setTimer(PAUSE_MS, again -> start());
  }

  private Future<Response> ask(GrpcClientRequest<Request, Response> request) {
    return request
        .send(
            Request.newBuilder()
                .setFromSender(cluster)
                .setPing(PingRequest.newBuilder().setMsg(cluster))
                .build())
        .compose(response -> response.last());
  }

  void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }
}
