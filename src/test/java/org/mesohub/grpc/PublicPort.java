package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ClusterApi;
import org.mesohub.http.HttpVerticle;
import org.mesohub.http.Readiness;

/** A public port on loopback over a {@link FakeNode}, and a client to it. */
final class PublicPort implements AutoCloseable {
  private static final int CLIENT_MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

  final Vertx vertx = Vertx.vertx();

  /** The node that answers: with a relay the leader, which this port hands calls to. */
  final FakeNode node = new FakeNode(vertx);

  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final Readiness readiness = new Readiness(vertx, node::ready);

  /** The node whose port this is. */
  final FakeNode here;

  final GrpcClient client;
  final SocketAddress address;
  final int port;
  final List<GrpcServerVerticle> instances = new CopyOnWriteArrayList<>();
  final PortGuard guard;
  private final String deployment;

  /** What a call gave. */
  record Outcome<T>(
      GrpcStatus status, String message, List<T> responses, io.vertx.core.MultiMap trailers) {}

  PublicPort(Principals principals) throws Exception {
    this(principals, 2, GrpcOptions.DRAIN_MS);
  }

  PublicPort(Principals principals, int count, long drainMillis) throws Exception {
    this(principals, count, drainMillis, PortLimits.of(Runtime.getRuntime().maxMemory()));
  }

  PublicPort(Principals principals, int count, long drainMillis, PortLimits limits)
      throws Exception {
    this(principals, count, drainMillis, limits, null);
  }

  /**
   * @param relaying null: the node answers all calls itself
   */
  PublicPort(
      Principals principals,
      int count,
      long drainMillis,
      PortLimits limits,
      @Nullable RelayOptions relaying)
      throws Exception {
    this(principals, count, drainMillis, limits, relaying, null);
  }

  private PublicPort(
      Principals principals,
      int count,
      long drainMillis,
      PortLimits limits,
      @Nullable RelayOptions relaying,
      @Nullable ClusterApi cluster)
      throws Exception {
    guard = new PortGuard(limits);
    here = relaying == null ? node : new FakeNode(vertx);
    var http = new HttpVerticle(readiness, registry);
    await(vertx.deployVerticle(http));
    var services =
        new GrpcServices(here, principals, new GrpcMetrics(registry), readiness, cluster, null);
    var options = new GrpcOptions("127.0.0.1", 0, drainMillis);
    deployment =
        await(
            vertx.deployVerticle(
                () -> {
                  var instance = new GrpcServerVerticle(options, services, guard, http, relaying);
                  instances.add(instance);
                  return instance;
                },
                new DeploymentOptions().setInstances(count)));
    port = instances.get(0).port();
    address = SocketAddress.inetSocketAddress(port, "127.0.0.1");
    client =
        GrpcClient.client(
            vertx,
            new GrpcClientOptions()
                .setMaxMessageSize(CLIENT_MESSAGE_BYTES_MAX)
                .setScheduleDeadlineAutomatically(false),
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  static PublicPort open() throws Exception {
    return new PublicPort(Principals.of(List.of()));
  }

  /** A port that serves ClusterService. */
  static PublicPort of(ClusterApi cluster, RelayOptions relaying) throws Exception {
    return new PublicPort(
        Principals.of(List.of()),
        1,
        GrpcOptions.DRAIN_MS,
        PortLimits.of(Runtime.getRuntime().maxMemory()),
        relaying,
        cluster);
  }

  /** A port of a node that does not lead, before one that does. */
  static PublicPort relayed(Principals principals) throws Exception {
    var leadership = new FakeLeadership();
    var limits = PortLimits.of(Runtime.getRuntime().maxMemory());
    var port =
        new PublicPort(
            principals,
            2,
            GrpcOptions.DRAIN_MS,
            limits,
            new RelayOptions("n2", leadership, age -> false, null));
    leadership.leads(
        InternalPort.open(port.vertx, port.node, FakeLeadership.self(), null).member());
    return port;
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen: " + what);
      }
      Thread.sleep(5);
    }
  }

  Future<Void> undeploy() {
    return vertx.undeploy(deployment);
  }

  <Q, A> GrpcClientRequest<Q, A> request(ServiceMethod<A, Q> method) throws Exception {
    return await(client.request(address, method));
  }

  /** Sends messages, half-closes and collects everything. */
  @SafeVarargs
  final <Q, A> Outcome<A> call(ServiceMethod<A, Q> method, Q... messages) throws Exception {
    return call(request(method), List.of(messages));
  }

  static <Q, A> Outcome<A> call(GrpcClientRequest<Q, A> request, List<Q> messages)
      throws Exception {
    Future<Outcome<A>> outcome = outcome(request);
    try {
      for (int i = 0; i < messages.size() - 1; i++) {
        request.write(messages.get(i));
      }
      // The last one goes together with the half-close: a unary answer may be faster than a
      // half-close after it.
      if (messages.isEmpty()) {
        request.end();
      } else {
        request.end(messages.get(messages.size() - 1));
      }
    } catch (IllegalStateException answeredEarly) {
      // A refusal may come before everything is sent; the outcome tells which.
      assertThat(answeredEarly).hasMessageContaining("stream is failed");
    }
    return await(outcome);
  }

  /** To be called before the request ends, or messages could come before the handler is there. */
  static <Q, A> Future<Outcome<A>> outcome(GrpcClientRequest<Q, A> request) {
    return request.response().compose(PublicPort::collect);
  }

  static <Q, A> Future<Outcome<A>> collect(GrpcClientResponse<Q, A> response) {
    var responses = new ArrayList<A>();
    response.handler(responses::add);
    return response
        .end()
        .recover(e -> response.status() == null ? Future.failedFuture(e) : Future.succeededFuture())
        .map(
            v ->
                new Outcome<>(
                    response.status(), message(response), responses, response.trailers()));
  }

  /** The client finds it in the header only; after messages it comes in the trailer. */
  private static String message(GrpcClientResponse<?, ?> response) {
    String inTrailer = response.trailers().get("grpc-message");
    return response.statusMessage() != null || inTrailer == null
        ? response.statusMessage()
        : java.net.URLDecoder.decode(inTrailer, java.nio.charset.StandardCharsets.UTF_8);
  }

  static ServiceMethod<Buffer, Buffer> raw(String service, String method) {
    return ServiceMethod.client(
        io.vertx.grpc.common.ServiceName.create(service),
        method,
        io.vertx.grpc.common.GrpcMessageEncoder.IDENTITY,
        io.vertx.grpc.common.GrpcMessageDecoder.IDENTITY);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }
}
