package org.mesohub.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.ServiceMethod;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryResponse;

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
              drain(
                  ObservationServiceGrpcClient.Latest,
                  targets.latest(random),
                  BenchOperations::rows);
          default ->
              drain(
                  ObservationServiceGrpcClient.Query,
                  targets.query(op, random),
                  BenchOperations::rows);
        };
    return done.timeout(client.silenceMax().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static long rows(QueryResponse message) {
    return message.hasBatch() ? message.getBatch().getRows() : 0;
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

  private <Q, R> Future<Long> drain(
      ServiceMethod<R, Q> method, Q message, ToLongFunction<R> rowsOf) {
    return client
        .<Q, R>open(method)
        .compose(
            request -> {
              Future<GrpcClientResponse<Q, R>> response = request.response();
              request.end(message);
              return response.recover(e -> Future.failedFuture(client.lost(e)));
            })
        .compose(response -> drained(response, rowsOf));
  }

  private <R> Future<Long> drained(GrpcClientResponse<?, R> response, ToLongFunction<R> rowsOf) {
    Promise<Long> promise = Promise.promise();
    long[] total = new long[1];
    response.handler(message -> total[0] += rowsOf.applyAsLong(message));
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
