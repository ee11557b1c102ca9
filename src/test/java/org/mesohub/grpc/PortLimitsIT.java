package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.grpc.client.GrpcClientResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;

/** What clients together may take of the public port, with small limits. */
class PortLimitsIT {
  private static final String PUT = "/mesohub.v1.ObservationService/Put";
  private static final int CONNECTIONS = 40;
  private static final int UNFINISHED = 2 << 20;
  private static final PortLimits LIMITS =
      new PortLimits(CONNECTIONS, 1_000, 2_000, 60_000, UNFINISHED, 1_500);

  private PublicPort port;
  private HttpClient client;

  @BeforeEach
  void open() throws Exception {
    port = new PublicPort(Principals.of(List.of()), 2, 0, LIMITS);
    client =
        port.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
  }

  @AfterEach
  void close() throws Exception {
    port.close();
  }

  @Test
  void connections_that_send_no_request_in_time_are_closed() throws Exception {
    List<String> openings =
        List.of(
            "",
            "P",
            "PRI * HTTP/2.0\r\n",
            "GET /health/live HTTP/1.1\r\nHost: x\r\nX: ",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    List<Socket> sockets = new ArrayList<>();
    for (String opening : openings) {
      sockets.add(connect(opening));
    }
    for (int i = 0; i < sockets.size(); i++) {
      readToEnd(sockets.get(i), "connection that began with " + openings.get(i));
    }
  }

  @Test
  void a_connection_that_sends_its_headers_bit_by_bit_is_closed() throws Exception {
    try (Socket socket = connect("GET /health/live HTTP/1.1\r\nHost: x\r\n")) {
      boolean refused = false;
      for (int i = 0; i < 100 && !refused; i++) {
        Thread.sleep(100);
        try {
          socket.getOutputStream().write('x');
          refused = socket.getInputStream().available() == 0 && ended(socket);
        } catch (IOException e) {
          refused = true;
        }
      }
      assertThat(refused).isTrue();
    }
  }

  @Test
  void a_connection_that_has_sent_a_request_may_be_idle() throws Exception {
    assertThat(status(send(new byte[] {0, 0, 0, 0, 0}))).isEqualTo("3");
    PublicPort.eventually("one is open", () -> port.guard.connections().size() == 1);
    Thread.sleep(2_500);
    assertThat(port.guard.connections().size()).isOne();
    assertThat(status(send(new byte[] {0, 0, 0, 0, 0}))).isEqualTo("3");
    assertThat(port.guard.connections().size()).isOne();
  }

  @Test
  void connections_beyond_the_limit_are_closed_and_the_others_served() throws Exception {
    assertThat(status(send(new byte[] {0, 0, 0, 0, 0}))).isEqualTo("3");
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 2 * CONNECTIONS; i++) {
      sockets.add(connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    PublicPort.eventually(
        "the limit is reached", () -> port.guard.connections().size() == CONNECTIONS);
    assertThat(status(send(new byte[] {0, 0, 0, 0, 0}))).isEqualTo("3");
    for (Socket socket : sockets) {
      readToEnd(socket, "each is closed in the end");
    }
    PublicPort.eventually("all are gone", () -> port.guard.connections().size() == 1);
  }

  @Test
  void unfinished_messages_of_all_calls_together_are_bounded() throws Exception {
    byte[] begun = new byte[512 << 10];
    begun[1] = 0;
    begun[2] = 0x20; // of 2 MiB
    List<HttpClientRequest> requests = new ArrayList<>();
    List<Future<String>> statuses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      HttpClientRequest request = PublicPort.await(client.request(options()));
      statuses.add(answer(request));
      request.setChunked(true).write(Buffer.buffer(begun));
      requests.add(request);
    }
    PublicPort.eventually(
        "calls are refused", () -> statuses.stream().filter(Future::isComplete).count() >= 4);
    assertThat(port.guard.unfinished().held()).isLessThanOrEqualTo(UNFINISHED);
    assertThat(statuses.stream().filter(Future::isComplete).map(Future::result))
        .allMatch(status -> status.equals("8"));
    for (HttpClientRequest request : requests) {
      request.reset(8);
    }
    PublicPort.eventually("all is let go", () -> port.guard.unfinished().held() == 0);
    assertThat(status(send(new byte[] {0, 0, 0, 0, 0}))).isEqualTo("3");
  }

  @Test
  void readers_that_stop_reading_hold_a_few_batches_and_are_cut_after_a_while() throws Exception {
    port.node.columns = VariableDictionary.mesowest();
    port.node.batches = Collections.nCopies(500, RandomBatches.mesowest(new Random(1), 8_192, 0));
    for (int i = 0; i < 30; i++) {
      var query = port.request(ObservationServiceGrpcClient.Query);
      query.response().onSuccess(GrpcClientResponse::pause);
      query.end(QueryRequest.getDefaultInstance());
    }
    PublicPort.eventually("all have begun", () -> port.node.streams.size() == 30);
    PublicPort.eventually(
        "all are cut", () -> port.node.streams.stream().allMatch(stream -> stream.closed));
    assertThat(port.node.streams).allMatch(stream -> stream.handedOut.get() < 100);
  }

  private RequestOptions options() {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost("127.0.0.1")
        .setPort(port.port)
        .setURI(PUT)
        .putHeader("content-type", "application/grpc");
  }

  private Future<String> send(byte[] body) throws Exception {
    HttpClientRequest request = PublicPort.await(client.request(options()));
    Future<String> status = answer(request);
    request.end(Buffer.buffer(body));
    return status;
  }

  private static Future<String> answer(HttpClientRequest request) {
    return request
        .response()
        .compose(
            response ->
                response
                    .end()
                    .map(
                        ended -> {
                          String trailer = response.trailers().get("grpc-status");
                          return trailer != null ? trailer : response.getHeader("grpc-status");
                        }));
  }

  private static String status(Future<String> status) throws Exception {
    return PublicPort.await(status);
  }

  private Socket connect(String opening) throws IOException {
    var socket = new Socket("127.0.0.1", port.port);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(opening.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static boolean ended(Socket socket) throws IOException {
    socket.setSoTimeout(1);
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  /** Fails when the node does not close the connection. */
  private static void readToEnd(Socket socket, String what) throws IOException {
    try (socket) {
      socket.getInputStream().readAllBytes();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("still open: " + what, e);
    } catch (IOException reset) {
      // as good as closed
    }
  }
}
