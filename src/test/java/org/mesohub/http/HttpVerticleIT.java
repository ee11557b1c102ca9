package org.mesohub.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpVerticleIT {
  private final Vertx vertx = Vertx.vertx();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicInteger probes = new AtomicInteger();
  private volatile Future<Void> ready = Future.succeededFuture();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpVerticle verticle;
  private HttpServer server;

  @BeforeEach
  void open() throws Exception {
    var readiness =
        new Readiness(
            vertx,
            () -> {
              probes.incrementAndGet();
              return ready;
            });
    verticle = new HttpVerticle(readiness, registry);
    await(vertx.deployVerticle(verticle));
    server = await(vertx.createHttpServer().requestHandler(verticle).listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void metricsThatAreSwitchedOffAreNotFoundWithAWord() throws Exception {
    var off = new HttpVerticle(new Readiness(vertx, () -> ready), null);
    await(vertx.deployVerticle(off));
    await(server.close());
    server = await(vertx.createHttpServer().requestHandler(off).listen(0, "127.0.0.1"));

    HttpResponse<String> response = get("/metrics");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("metrics.enabled");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void saysWhatThisIs() throws Exception {
    HttpResponse<String> response = get("/");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("Mesohub").contains("/health/ready").contains("docs/");
  }

  @Test
  void livesWhateverTheNodeSays() throws Exception {
    ready = Future.failedFuture("no");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(probes.get()).isZero();
  }

  @Test
  void readyWhenTheProbeSucceeds() throws Exception {
    HttpResponse<String> response = get("/health/ready");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"ready\":true}");
  }

  @Test
  void notReadyWithTheReason() throws Exception {
    ready = Future.failedFuture("no leader");
    HttpResponse<String> response = get("/health/ready");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("{\"ready\":false,\"reason\":\"no leader\"}");
  }

  @Test
  void concurrentCallersShareOneProbe() throws Exception {
    Promise<Void> promise = Promise.promise();
    ready = promise.future();
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 20; i++) {
      answers.add(
          client.sendAsync(request("/health/ready").build(), HttpResponse.BodyHandlers.ofString()));
    }
    Thread.sleep(200);
    promise.complete();
    for (var answer : answers) {
      assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(probes.get()).isLessThan(20);
  }

  @Test
  void servesTheRegistry() throws Exception {
    registry.counter("tests.run").increment(3);
    HttpResponse<String> response = get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(response.body()).contains("tests_run_total 3.0");
  }

  @Test
  void unknownPathsAreJsonErrors() throws Exception {
    HttpResponse<String> response = get("/nope");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body()).contains("\"path\":\"/nope\"");
    var post =
        client.send(
            request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.body()).contains("GET");
  }

  @Test
  void refusesOnceUndeployed() throws Exception {
    await(vertx.undeploy(verticle.deploymentID()));
    assertThat(get("/health/live").statusCode()).isEqualTo(503);
  }
}
