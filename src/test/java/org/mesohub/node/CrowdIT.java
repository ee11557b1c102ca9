package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.Selection;

/**
 * A node with 512 MB of heap, thousands of connections that say nothing and a hundred readers that
 * stop reading: it takes puts and answers others meanwhile, and the readers get everything once
 * they read on.
 */
@Tag("slow")
class CrowdIT {
  private static final int IDLE = 8_000;

  /** So many connections are opened at once: the accept queue of the system is no longer. */
  private static final int WAVE = 100;

  private static final int READERS = 100;
  private static final int STATIONS = 300;
  private static final int MINUTES = 1_400;
  private static final long MIDNIGHT = 1_521_158_400_000_000L;

  /**
   * HTTP/2 by hand: the preface, empty SETTINGS, and HEADERS of {@code GET /health/live} as stream
   * 1 (RFC 9113, 7541: indexed method and scheme, literal path and authority).
   */
  private static final Buffer PREFACE =
      Buffer.buffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
          .appendBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

  private static final int HEADERS = 1;
  private static final int FRAME_HEAD = 9;

  @TempDir Path folder;

  @Test
  void serves_amid_idle_connections_and_stalled_readers() throws Exception {
    Vertx vertx = Vertx.vertx();
    List<NodeFixture> clients = new ArrayList<>();
    try (var process =
        new NodeProcess(
            folder.resolve("data"), "limits: {queriesMax: 128}\n", "-XX:+ExitOnOutOfMemoryError")) {
      int port = process.port();
      var node = new NodeFixture(port);
      clients.add(node);
      long rows = fill(node);

      NetClient net = vertx.createNetClient();
      List<Idle> idle = new ArrayList<>();
      while (idle.size() < IDLE) {
        List<Future<Idle>> wave = new ArrayList<>();
        for (int i = 0; i < WAVE; i++) {
          wave.add(net.connect(port, "127.0.0.1").compose(Idle::greeted));
        }
        NodeFixture.await(Future.all(wave));
        wave.forEach(one -> idle.add(one.result()));
      }
      List<NodeFixture.Stalled> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        var client = new NodeFixture(port);
        clients.add(client);
        readers.add(client.stalled(QueryRequest.getDefaultInstance()));
      }

      List<Row> late = List.of(row("LATE", 0), row("LATE", 1));
      assertThat(node.put(OracleWorld.file(List.of("TMPF"), late)).getStored()).isEqualTo(2);
      var selection = Selection.newBuilder().addStations("LATE");
      assertThat(node.count(QueryRequest.newBuilder().setSelection(selection))).isEqualTo(2);
      assertThat(node.count(QueryRequest.newBuilder())).isEqualTo(rows + 2);
      assertThat(ready(port)).isEqualTo(200);

      for (int i = 0; i < READERS; i++) {
        assertThat(readers.get(i).rest()).as("reader %d", i).isEqualTo(rows);
      }
      assertThat(idle).noneMatch(one -> one.closed);
      for (int i = 0; i < IDLE; i += IDLE / WAVE) {
        NodeFixture.await(idle.get(i).ask());
      }
      assertThat(process.isAlive()).isTrue();
    } finally {
      clients.forEach(NodeFixture::close);
      vertx.close();
    }
  }

  /** A connection that asked once and stays. */
  private static final class Idle {
    private final NetSocket socket;
    private Buffer arrived = Buffer.buffer();
    private int stream = 1;
    private Promise<Void> answered = Promise.promise();
    private volatile boolean closed;

    private Idle(NetSocket socket) {
      this.socket = socket;
      socket.handler(this::read);
      socket.closeHandler(
          end -> {
            closed = true;
            answered.tryFail("the node closed the connection");
          });
    }

    static Future<Idle> greeted(NetSocket socket) {
      var idle = new Idle(socket);
      socket.write(PREFACE);
      return idle.ask().map(idle);
    }

    /** One request; completes with the headers of its answer. */
    Future<Void> ask() {
      answered = Promise.promise();
      byte[] path = "/health/live".getBytes(StandardCharsets.US_ASCII);
      Buffer block =
          Buffer.buffer()
              .appendBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x04, (byte) path.length})
              .appendBytes(path)
              .appendBytes(new byte[] {0x01, 1, 'n'});
      socket.write(
          Buffer.buffer()
              .appendMedium(block.length())
              .appendByte((byte) HEADERS)
              .appendByte((byte) 0x5) // END_STREAM, END_HEADERS
              .appendInt(stream)
              .appendBuffer(block));
      stream += 2;
      return answered.future();
    }

    private void read(Buffer bytes) {
      arrived.appendBuffer(bytes);
      int at = 0;
      while (arrived.length() - at >= FRAME_HEAD) {
        int length = arrived.getUnsignedMedium(at);
        if (arrived.length() - at < FRAME_HEAD + length) {
          break;
        }
        if (arrived.getByte(at + 3) == HEADERS) {
          answered.tryComplete();
        }
        at += FRAME_HEAD + length;
      }
      arrived = arrived.getBuffer(at, arrived.length());
    }
  }

  private static long fill(NodeFixture node) {
    long rows = 0;
    for (int part = 0; part < STATIONS; part += STATIONS / 3) {
      List<Row> all = new ArrayList<>();
      for (int station = part; station < part + STATIONS / 3; station++) {
        for (int minute = 0; minute < MINUTES; minute++) {
          all.add(row("S" + station, minute));
        }
      }
      rows += node.put(OracleWorld.file(List.of("TMPF"), all)).getStored();
    }
    assertThat(rows).isEqualTo((long) STATIONS * MINUTES);
    return rows;
  }

  private static Row row(String station, int minute) {
    String value =
        "%.2f".formatted(Math.floorMod(station.hashCode() * 31 + minute * 7919, 9973) / 100.0);
    return new Row(new Key("1", station, MIDNIGHT + minute * 60_000_000L), Map.of("TMPF", value));
  }

  private static int ready(int port) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"));
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
