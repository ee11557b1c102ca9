package org.mesohub.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.ServiceMethod;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.mesohub.grpc.AnswerMessage;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;

/**
 * The requests of a load test, asynchronous; each gives the rows it moved. Called on one event
 * loop.
 */
final class BenchOperations {
  private final NodeClient client;
  private final BenchTargets targets;
  private final BenchRows rows;
  private final Random random;

  BenchOperations(NodeClient client, BenchTargets targets, BenchRows rows, Random random) {
    this.client = client;
    this.targets = targets;
    this.rows = rows;
    this.random = random;
  }

  /** Runs one request, and reads its answer to the end. */
  Future<Long> run(BenchMix.Op op) {
    Future<Long> done =
        switch (op) {
          case put -> put();
          case latest ->
              drain(AnswerMessage.of(ObservationServiceGrpcClient.Latest), targets.latest(random));
          default ->
              drain(
                  AnswerMessage.of(ObservationServiceGrpcClient.Query), targets.query(op, random));
        };
    return done.timeout(client.silenceMax().toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<Long> put() {
    PutRequest header = PutRequest.newBuilder().setHeader(rows.header()).build();
    PutRequest batch = PutRequest.newBuilder().setBatch(rows.batch()).build();
    return client
        .<PutRequest, PutResponse>open(ObservationServiceGrpcClient.Put)
        .compose(
            request -> {
              Future<PutResponse> answer = client.answer(request);
              request.write(header);
              request.end(batch);
              return answer;
            })
        .map(done -> done.getStored() + done.getUnchanged() + done.getCorrected());
  }

  private <Q> Future<Long> drain(ServiceMethod<AnswerMessage, Q> method, Q message) {
    return client
        .<Q, AnswerMessage>open(method)
        .compose(
            request -> {
              Future<GrpcClientResponse<Q, AnswerMessage>> response = request.response();
              request.end(message);
              return response.recover(e -> Future.failedFuture(client.lost(e)));
            })
        .compose(this::drained);
  }

  private Future<Long> drained(GrpcClientResponse<?, AnswerMessage> response) {
    Promise<Long> promise = Promise.promise();
    long[] total = new long[1];
    response.handler(message -> total[0] += message.rows());
    response.exceptionHandler(e -> promise.tryFail(client.lost(e)));
    response.endHandler(
        end -> {
          CallException failure = client.failure(response);
          if (failure == null) {
            promise.tryComplete(total[0]);
          } else {
            promise.tryFail(failure);
          }
        });
    return promise.future();
  }
}
