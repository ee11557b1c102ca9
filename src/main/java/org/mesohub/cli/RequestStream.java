package org.mesohub.cli;

import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * The messages of one call with one answer, sent from a thread that may block; a bounded number of
 * them is handed to the connection and not yet on the wire. Closing takes the call back unless it
 * was answered.
 */
final class RequestStream<Q, R> implements AutoCloseable {
  private final NodeClient client;
  private final GrpcClientRequest<Q, R> request;
  private final CompletableFuture<R> answer;
  private final int inFlightMax;
  private final ArrayDeque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();

  RequestStream(
      NodeClient client,
      GrpcClientRequest<Q, R> request,
      CompletableFuture<R> answer,
      int inFlightMax) {
    this.client = client;
    this.request = request;
    this.answer = answer;
    this.inFlightMax = inFlightMax;
  }

  /**
   * Sends one message when there is room; false when the answer has come, so that nobody reads
   * more.
   *
   * @param written run once it is on the wire
   */
  boolean send(Q message, Runnable written) {
    if (answer.isDone()) {
      return false;
    }
    Future<Void> sent = request.write(message);
    inFlight.add(sent.onSuccess(done -> written.run()).toCompletionStage().toCompletableFuture());
    while (inFlight.size() >= inFlightMax || isFirstDone()) {
      awaitFirst();
      if (answer.isDone()) {
        return false;
      }
    }
    return true;
  }

  /** Says that no more messages come, unless the answer has. */
  void end() {
    if (!answer.isDone()) {
      request.end();
    }
  }

  /** The answer; blocks. */
  R answer(Duration patience) {
    return NodeClient.await(answer, patience, this::node);
  }

  private boolean isFirstDone() {
    CompletableFuture<Void> first = inFlight.peek();
    return first != null && first.isDone();
  }

  /**
   * Waits until the oldest message is on the wire or the node answered; a failed write leaves the
   * reason to the answer.
   */
  private void awaitFirst() {
    CompletableFuture<Void> first = inFlight.remove();
    CompletableFuture<?> either =
        CompletableFuture.anyOf(
            first.handle((done, e) -> e).thenCompose(e -> e == null ? first : untilDone(answer)),
            untilDone(answer));
    NodeClient.await(either, client.silenceMax(), this::node);
  }

  private static CompletableFuture<Void> untilDone(CompletableFuture<?> answer) {
    return answer.handle((done, e) -> null);
  }

  private String node() {
    return client.node().toString();
  }

  @Override
  public void close() {
    if (!answer.isDone()) {
      request.cancel();
    }
  }
}
