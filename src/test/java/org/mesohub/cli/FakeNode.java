package org.mesohub.cli;

import com.google.protobuf.ByteString;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import io.vertx.grpc.server.StatusException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.DeleteResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcService;
import org.mesohub.proto.v1.ObservationServiceService;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;

/** A node that answers what a test tells it to. */
final class FakeNode implements AutoCloseable {

  /** With characters that travel encoded. */
  static final String SAID = "said the fake node: 100 % + ü";

  final List<PutHeader> headers = Collections.synchronizedList(new ArrayList<>());
  final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  final List<QueryRequest> queries = Collections.synchronizedList(new ArrayList<>());
  final List<DeleteRequest> deletes = Collections.synchronizedList(new ArrayList<>());
  volatile ByteString received = ByteString.EMPTY;

  /** Failures of the next puts, in order; then they succeed. Empty option: drop the connection. */
  final Queue<java.util.Optional<GrpcStatus>> putFailures = new ConcurrentLinkedQueue<>();

  volatile PutResponse putAnswer = PutResponse.newBuilder().setStored(3).build();
  volatile List<QueryResponse> answer = List.of();
  volatile java.util.Optional<GrpcStatus> answerFailure = java.util.Optional.of(GrpcStatus.OK);

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer http;

  FakeNode() {
    GrpcServer grpc =
        GrpcServer.server(vertx, new GrpcServerOptions().setMaxMessageSize(32L << 20));
    grpc.addService(ObservationServiceGrpcService.of(new Service()));
    http =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(grpc)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  String address() {
    return "127.0.0.1:" + http.actualPort();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private final class Service extends ObservationServiceService {
    @Override
    public void put(ReadStream<PutRequest> in, Completable<PutResponse> out) {
      var request = (GrpcServerRequest<?, ?>) in;
      authorizations.add(String.valueOf(request.headers().get("authorization")));
      var bytes = new ArrayList<ByteString>();
      in.handler(
          part -> {
            if (part.hasHeader()) {
              headers.add(part.getHeader());
            } else {
              bytes.add(part.getData());
            }
          });
      in.exceptionHandler(e -> {});
      in.endHandler(
          end -> {
            received = ByteString.copyFrom(bytes);
            java.util.Optional<GrpcStatus> failure = putFailures.poll();
            if (failure == null) {
              out.succeed(putAnswer);
            } else if (failure.isEmpty()) {
              request.connection().close();
            } else {
              out.fail(new StatusException(failure.get(), SAID));
            }
          });
    }

    @Override
    public Future<DeleteResponse> delete(DeleteRequest request) {
      deletes.add(request);
      return Future.succeededFuture(
          DeleteResponse.newBuilder().setDeleted(7).setCommit(request.getDryRun() ? 0 : 9).build());
    }

    @Override
    public void query(QueryRequest request, WriteStream<QueryResponse> out) {
      queries.add(request);
      var response = (GrpcServerResponse<?, ?>) out;
      answer.forEach(out::write);
      if (answerFailure.isEmpty()) {
        vertx.setTimer(50, t -> http.close());
      } else if (answerFailure.get() == GrpcStatus.OK) {
        out.end();
      } else {
        response.fail(new StatusException(answerFailure.get(), SAID));
      }
    }
  }
}
