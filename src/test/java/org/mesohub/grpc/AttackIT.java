package org.mesohub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mesohub.proto.contract.DatFragment;
import org.mesohub.proto.contract.PutRequest;
import org.mesohub.proto.contract.Request;

/** What ill-behaved clients send to the public port, byte by byte. */
class AttackIT {
  private static final String PING = "/grpcComm.CommunicationService/ping";
  private static final String PUT = "/mesohub.v1.ObservationService/Put";
  private static final int OPEN_CONNECTIONS = 300;

  private PublicPort port;
  private HttpClient client;

  @BeforeEach
  void open() throws Exception {
    port = PublicPort.open();
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

  private static Buffer frame(int flag, int length, byte[] content) {
    return Buffer.buffer().appendByte((byte) flag).appendInt(length).appendBytes(content);
  }

  /** The gRPC status of a call that sends these bytes; fails when none comes. */
  private String status(String path, Buffer bytes, String... headers) throws Exception {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(port.port)
            .setURI(path)
            .putHeader("content-type", "application/grpc");
    for (int i = 0; i < headers.length; i += 2) {
      options.putHeader(headers[i], headers[i + 1]);
    }
    Future<String> status =
        client
            .request(options)
            .compose(request -> request.send(bytes))
            .compose(response -> response.end().map(ended -> status(response)))
            .timeout(20, TimeUnit.SECONDS);
    return PublicPort.await(status);
  }

  private static String status(HttpClientResponse response) {
    String trailer = response.trailers().get("grpc-status");
    return trailer != null ? trailer : response.getHeader("grpc-status");
  }

  @Test
  void a_message_marked_as_compressed_without_a_word_how_is_refused_not_left_hanging()
      throws Exception {
    assertThat(status(PING, frame(1, 2, new byte[] {10, 0}))).isEqualTo("3");
    assertThat(status(PING, frame(1, 2, new byte[] {10, 0}), "grpc-encoding", "gzip"))
        .isEqualTo("3");
    assertThat(status(PING, frame(0, 0, new byte[0]))).isEqualTo("0");
  }

  @Test
  void lengths_that_lie_are_refused() throws Exception {
    assertThat(status(PING, frame(0, -1, new byte[70_000]))).isEqualTo("8");
    assertThat(status(PING, frame(0, Integer.MAX_VALUE, new byte[10]))).isEqualTo("8");
    assertThat(status(PING, Buffer.buffer(new byte[] {0, 0, 0}))).isEqualTo("3");
    assertThat(status(PING, frame(0, 3, new byte[] {-1, -1, 1}))).isEqualTo("3");
  }

  @Test
  void a_request_that_ends_inside_of_a_message_is_an_error_and_stores_nothing() throws Exception {
    for (String method : List.of("/grpcComm.CommunicationService/putHandler", PUT, PING)) {
      Buffer cut = frame(0, 10, new byte[] {1, 2, 3});
      assertThat(status(method, cut)).as("%s, only a part", method).isEqualTo("3");
      Buffer whole = method.equals(PUT) ? frame(0, 2, new byte[] {10, 0}) : putRequest();
      Buffer cutLater = whole.copy().appendBuffer(cut);
      assertThat(status(method, cutLater)).as("%s, a part after a whole", method).isEqualTo("3");
      assertThat(status(method, whole.copy().appendByte((byte) 0)))
          .as("%s, a part of a prefix after a whole", method)
          .isEqualTo("3");
    }
    assertThat(port.node.puts).isNotEmpty().allMatch(put -> put.cancelled && !put.finished);
    assertThat(port.guard.unfinished().held()).isZero();
  }

  /** A message of the 2018 contract that puts one row. */
  private static Buffer putRequest() {
    byte[] bytes =
        Request.newBuilder()
            .setPutRequest(
                PutRequest.newBuilder()
                    .setDatFragment(
                        DatFragment.newBuilder().setData(ByteString.copyFromUtf8("a,b"))))
            .build()
            .toByteArray();
    return frame(0, bytes.length, bytes);
  }

  @Test
  void garbage_and_idle_connections_do_not_keep_others_out() throws Exception {
    List<String> openings =
        List.of("GET /health/live HTT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0016\u0003\u0001?");
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < OPEN_CONNECTIONS; i++) {
        var socket = new Socket("127.0.0.1", port.port);
        sockets.add(socket);
        socket.getOutputStream().write(openings.get(i % 3).getBytes(StandardCharsets.ISO_8859_1));
      }
      assertThat(status(PING, frame(0, 0, new byte[0]))).isEqualTo("0");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void paths_lead_nowhere_but_to_what_is_served() throws IOException {
    for (String path : List.of("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "*")) {
      assertThat(firstLine(path)).as(path).contains(" 404 ");
    }
    assertThat(firstLine("/%zz")).contains(" 400 ");
    assertThat(firstLine("/metrics?x=" + "a".repeat(20_000))).contains(" 414 ");
  }

  private String firstLine(String path) throws IOException {
    try (var socket = new Socket("127.0.0.1", port.port)) {
      socket.setSoTimeout(20_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(40), StandardCharsets.ISO_8859_1);
    }
  }
}
