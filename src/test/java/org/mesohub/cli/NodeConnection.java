package org.mesohub.cli;

import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.ServiceMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.config.HostPort;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.proto.v1.StatusResponse;

/**
 * The command line's connection to one node, for test clients of other packages. May be shared by
 * threads; a call whose answer does not come in time is cancelled.
 */
public final class NodeConnection implements AutoCloseable {
  /** What is known about the effect of a call that failed. */
  public enum Effect {
    NONE,
    UNKNOWN,
    /** The node said no, which repeating will not change. */
    REFUSED
  }

  /** A call that failed. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    private final Effect effect;

    private Failed(CallException e) {
      super(e.status() + ": " + e.getMessage());
      effect =
          switch (e.kind()) {
            case UNREACHABLE, UNAVAILABLE -> Effect.NONE;
            case INDETERMINATE -> Effect.UNKNOWN;
            case REFUSED -> Effect.REFUSED;
          };
    }

    public Effect effect() {
      return effect;
    }
  }

  static {
    // Connections that break are what tests make; each is told to the caller.
    QuietLogging.install();
  }

  private final NodeClient client;

  /**
   * @param address host:port
   * @param token bearer token, null for none
   */
  public NodeConnection(String address, String token, Duration patience) {
    client = new NodeClient(HostPort.parse(address).orElseThrow(), token, patience);
  }

  public String address() {
    return client.node().toString();
  }

  /** One put of these messages. */
  public PutResponse put(List<PutRequest> messages) throws Failed {
    return run(
        ObservationServiceGrpcClient.Put,
        request -> {
          Future<PutResponse> answer = client.answer(request);
          messages.subList(0, messages.size() - 1).forEach(request::write);
          request.end(messages.get(messages.size() - 1));
          return answer;
        });
  }

  /** All messages of the answer. */
  public List<QueryResponse> query(QueryRequest query) throws Failed {
    return stream(ObservationServiceGrpcClient.Query, query);
  }

  /** All messages of the answer. */
  public List<QueryResponse> latest(LatestRequest query) throws Failed {
    return stream(ObservationServiceGrpcClient.Latest, query);
  }

  public StatusResponse status() throws Failed {
    return this.<StatusRequest, StatusResponse, StatusResponse>run(
        ObservationServiceGrpcClient.Status,
        request -> {
          Future<StatusResponse> answer = client.answer(request);
          request.end(StatusRequest.getDefaultInstance());
          return answer;
        });
  }

  private <Q, R> List<R> stream(ServiceMethod<R, Q> method, Q message) throws Failed {
    return run(
        method,
        (GrpcClientRequest<Q, R> request) -> {
          // Who collects must be there before anything can come: messages do not wait for it.
          Future<List<R>> answer =
              request
                  .response()
                  .recover(e -> Future.failedFuture(client.lost(e)))
                  .compose(this::collected);
          request.end(message);
          return answer;
        });
  }

  private <R> Future<List<R>> collected(GrpcClientResponse<?, R> response) {
    var done = io.vertx.core.Promise.<List<R>>promise();
    var messages = new ArrayList<R>();
    response.handler(messages::add);
    response.exceptionHandler(e -> done.tryFail(client.lost(e)));
    response.endHandler(
        end -> {
          CallException failure = client.failure(response);
          if (failure == null) {
            done.tryComplete(messages);
          } else {
            done.tryFail(failure);
          }
        });
    return done.future();
  }

  private interface Exchange<Q, R, A> {
    Future<A> over(GrpcClientRequest<Q, R> request);
  }

  private <Q, R, A> A run(ServiceMethod<R, Q> method, Exchange<Q, R, A> exchange) throws Failed {
    GrpcClientRequest<Q, R> request = null;
    try {
      request = client.await(client.<Q, R>open(method), client.silenceMax());
      return client.await(exchange.over(request), client.silenceMax());
    } catch (CallException e) {
      if (request == null) {
        // Nothing was sent, however long the connection took.
        throw new Failed(
            new CallException(CallException.Kind.UNREACHABLE, e.status(), e.getMessage()));
      }
      request.cancel();
      throw new Failed(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
