package org.mesohub.forward;

import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClientRequest;
import java.util.concurrent.TimeUnit;
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

  private final Vertx vertx;
  private final String cluster;
  private final PeerBook book;
  private final PeerClient client;
  private long timer = -1;
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
    client
        .<Request, Response>open(CommunicationServiceGrpcClient.ping)
        .compose(this::ask)
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                book.alive(client.endpoint().toString(), System.nanoTime());
              } else {
                PeerFailure failure = PeerClient.failure(answer.cause());
                client.avoid(client.endpoint());
                if (book.troubled(String.valueOf(failure.getMessage()))) {
                  LOG.warn("peer {}: {}; trying again", book.cluster(), book.trouble());
                }
              }
              if (!closed) {
                timer = vertx.setTimer(PAUSE_MS, again -> start());
              }
            });
  }

  private io.vertx.core.Future<Response> ask(GrpcClientRequest<Request, Response> request) {
    request.timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS);
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
