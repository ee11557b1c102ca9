package org.mesohub.cli;

import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.ServiceMethod;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a server stream one by one. The event loop receives at most {@link
 * #READ_AHEAD} messages that were not yet taken; beyond that the node is held back by HTTP/2 flow
 * control. Taken by one thread.
 */
final class AnswerReader<R> implements AutoCloseable {
  /** Enough to keep both sides busy; a batch is a few hundred KB. */
  private static final int READ_AHEAD = 4;

  private final NodeClient client;
  private final GrpcClientRequest<?, R> request;
  private final GrpcClientResponse<?, R> response;
  private final LinkedBlockingQueue<Item<R>> arrived = new LinkedBlockingQueue<>();

  /** A message, or the end: with a failure or without. */
  private record Item<R>(@Nullable R message, @Nullable CallException failure) {}

  private <Q> AnswerReader(
      NodeClient client, GrpcClientRequest<Q, R> request, GrpcClientResponse<Q, R> response) {
    this.client = client;
    this.request = request;
    this.response = response;
    response.pause();
    response.handler(message -> arrived.add(new Item<>(message, null)));
    response.exceptionHandler(e -> arrived.add(new Item<>(null, client.lost(e))));
    response.endHandler(end -> arrived.add(new Item<>(null, client.failure(response))));
    response.fetch(READ_AHEAD);
  }

  /** Starts the call; gives the reader when the node begins to answer. */
  static <Q, R> AnswerReader<R> open(NodeClient client, ServiceMethod<R, Q> method, Q message) {
    Future<AnswerReader<R>> reader =
        client
            .<Q, R>open(method)
            .compose(
                request -> {
                  request.end(message);
                  return answering(client, request);
                });
    return client.await(reader, client.silenceMax());
  }

  /**
   * The reader of a call whose client may go on to send; gives it when the node begins to answer.
   */
  static <Q, R> Future<AnswerReader<R>> answering(
      NodeClient client, GrpcClientRequest<Q, R> request) {
    return request
        .response()
        .recover(e -> Future.failedFuture(client.lost(e)))
        .map(response -> new AnswerReader<>(client, request, response));
  }

  /** The next message, null at the end; blocks. */
  @Nullable R next() {
    try {
      Item<R> item = arrived.poll(client.silenceMax().toMillis(), TimeUnit.MILLISECONDS);
      if (item == null) {
        throw CallException.lost(
            "no data from "
                + client.node()
                + " for "
                + client.silenceMax().toMillis()
                + " ms; see --timeout");
      }
      if (item.failure() != null) {
        throw item.failure();
      }
      if (item.message() != null) {
        response.fetch(1);
      }
      return item.message();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERRUPTED, "interrupted");
    }
  }

  /** Stops the node from going on; without effect at the end. */
  @Override
  public void close() {
    request.cancel();
  }
}
