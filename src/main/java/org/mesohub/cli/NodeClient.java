package org.mesohub.cli;

import static java.util.stream.Collectors.joining;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcErrorException;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.HostPort;
import org.mesohub.grpc.StatusText;
import org.mesohub.tls.ClusterTrust;

/**
 * A connection to one node, or to one of several nodes of a cluster: addresses, credentials,
 * limits, and what failures mean. Commands call it from their own threads; everything it receives
 * is handled on its one event loop. Failures are {@link CallException}s.
 */
final class NodeClient implements AutoCloseable {
  /** Batches of 65,536 rows with many columns stay below. */
  private static final long MESSAGE_BYTES_MAX = 32L << 20;

  /** Windows below this halve the rate of uploads even on loopback. */
  private static final int STREAM_WINDOW_BYTES = 4 << 20;

  private static final int CONNECTION_WINDOW_BYTES = 8 << 20;
  private static final int CONNECT_MILLIS_MAX = 5_000;

  private final List<HostPort> nodes;
  private final AtomicInteger current = new AtomicInteger();
  private final @Nullable String token;
  private final Duration silenceMax;
  private final boolean trusts;
  private final Vertx vertx;
  private final GrpcClient client;

  NodeClient(HostPort node, @Nullable String token, Duration silenceMax) {
    this(List.of(node), token, null, silenceMax);
  }

  NodeClient(List<HostPort> nodes, @Nullable String token, Duration silenceMax) {
    this(nodes, token, null, silenceMax);
  }

  /**
   * @param nodes at least one; the first is called until it fails
   * @param token bearer token, null for none
   * @param trust whose certificates are believed; null: plain text
   * @param silenceMax longest wait for any single thing
   */
  NodeClient(
      List<HostPort> nodes,
      @Nullable String token,
      @Nullable ClusterTrust trust,
      Duration silenceMax) {
    this.nodes = List.copyOf(nodes);
    this.token = token;
    this.silenceMax = silenceMax;
    this.trusts = trust != null;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    var http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setConnectTimeout(CONNECT_MILLIS_MAX)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES))
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
    if (trust != null) {
      trust.secure(http, null, true);
    }
    var grpc = new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX);
    this.client = GrpcClient.client(vertx, grpc, http);
  }

  /** The node that is called now. */
  HostPort node() {
    return nodes.get(Math.floorMod(current.get(), nodes.size()));
  }

  /** Calls the next node from now on, if there are several. */
  void moveOn() {
    current.incrementAndGet();
  }

  Vertx vertx() {
    return vertx;
  }

  Duration silenceMax() {
    return silenceMax;
  }

  /** Opens a call, at the first node that can be reached, and adds the credentials. */
  <Q, R> Future<GrpcClientRequest<Q, R>> open(ServiceMethod<R, Q> method) {
    return open(method, nodes.size());
  }

  private <Q, R> Future<GrpcClientRequest<Q, R>> open(ServiceMethod<R, Q> method, int attempts) {
    int now = current.get();
    HostPort node = node();
    return client
        .<Q, R>request(SocketAddress.inetSocketAddress(node.port(), node.host()), method)
        .map(
            request -> {
              if (token != null) {
                request.headers().set("authorization", "Bearer " + token);
              }
              return request;
            })
        .recover(
            e -> {
              current.compareAndSet(now, now + 1);
              return attempts > 1
                  ? open(method, attempts - 1)
                  : Future.failedFuture(unreachable(node, e));
            });
  }

  /** A call with one request and one answer. */
  <Q, R> Future<R> unary(ServiceMethod<R, Q> method, Q message) {
    return this.<Q, R>open(method)
        .compose(
            request -> {
              Future<R> answer = answer(request);
              request.end(message);
              return answer;
            });
  }

  /** {@link #unary} for a thread that may block. */
  <Q, R> R call(ServiceMethod<R, Q> method, Q message) {
    return await(unary(method, message), silenceMax);
  }

  /** The one answer to a request; fails with the node's own text. */
  <Q, R> Future<R> answer(GrpcClientRequest<Q, R> request) {
    return request.response().recover(e -> Future.failedFuture(lost(e))).compose(this::only);
  }

  private <Q, R> Future<R> only(GrpcClientResponse<Q, R> response) {
    Promise<R> promise = Promise.promise();
    var last =
        new Object() {
          @Nullable R message;
        };
    response.handler(message -> last.message = message);
    response.exceptionHandler(e -> promise.tryFail(lost(e)));
    response.endHandler(
        end -> {
          CallException failure = failure(response);
          R message = last.message;
          if (failure != null) {
            promise.tryFail(failure);
          } else if (message == null) {
            promise.tryFail(CallException.lost("the node ended the call without an answer"));
          } else {
            promise.tryComplete(message);
          }
        });
    return promise.future();
  }

  /** What the trailers say, null when all went well. To be asked at the end of a response. */
  @Nullable CallException failure(GrpcClientResponse<?, ?> response) {
    GrpcStatus status = response.status();
    if (status == GrpcStatus.OK) {
      return null;
    }
    return status == null
        ? CallException.lost("the connection to " + node() + " ended before the answer did")
        : CallException.of(status, StatusText.of(response));
  }

  /** What a broken call means once something was sent. */
  CallException lost(Throwable e) {
    if (e instanceof CallException known) {
      return known;
    }
    if (e instanceof GrpcErrorException stated) {
      return CallException.of(
          stated.status(), "the node reset the call (" + stated.status().name() + ")");
    }
    return CallException.lost("the connection to " + node() + " was lost (" + e.getMessage() + ")");
  }

  private CallException unreachable(HostPort node, Throwable e) {
    String reason =
        e instanceof UnknownHostException
            ? "no such host"
            : e instanceof ConnectException
                ? "nothing listens there"
                : e.getMessage() + (trusts ? "" : " (one that speaks TLS wants --ca)");
    return new CallException(
        CallException.Kind.UNREACHABLE,
        "UNREACHABLE",
        "cannot reach a node at "
            + (nodes.size() == 1
                ? node
                : nodes.stream().map(HostPort::toString).collect(joining(", ")))
            + ": "
            + reason
            + "; check --node or MESOHUB_NODE");
  }

  /**
   * Blocks for a result; a result that does not come in time counts as {@link CallException#lost}.
   */
  <T> T await(Future<T> future, Duration patience) {
    return await(
        future.toCompletionStage().toCompletableFuture(), patience, () -> node().toString());
  }

  static <T> T await(CompletableFuture<T> future, Duration patience, Supplier<String> node) {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw CallException.lost(
          "no sign of life from "
              + node.get()
              + " for "
              + patience.toMillis()
              + " ms; see --timeout");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CallException call) {
        throw call;
      }
      throw new IllegalStateException("a call failed unexpectedly", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERRUPTED, "interrupted");
    }
  }

  /** Closes the connection; whatever is under way is cancelled. */
  @Override
  public void close() {
    vertx.close();
  }
}
