package org.mesohub.cli;

import io.vertx.grpc.common.ServiceMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.mesohub.config.HostPort;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.Condition;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.proto.v1.StatusResponse;
import org.mesohub.query.AnswerBatch;

/** A node in its own process, used through one long-lived connection. */
final class MesohubStore implements BenchStore {
  private final Process process;
  private final NodeClient client;
  private long sequence = System.currentTimeMillis();

  MesohubStore(Path jar, Path data, Path log, List<String> jvm) throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Files.createDirectories(data);
    Path config = data.resolveSibling(data.getFileName() + ".yaml");
    Files.writeString(config, "data: " + data + "\nlisten: 127.0.0.1:" + port + "\n");
    var command = new ArrayList<String>(List.of("java"));
    command.addAll(jvm);
    command.addAll(List.of("-jar", jar.toString(), "serve", "--config=" + config));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    client = new NodeClient(new HostPort("127.0.0.1", port), null, Duration.ofSeconds(120));
    for (int tries = 0; !listens(port); tries++) {
      if (!process.isAlive() || tries > 600) {
        throw new IllegalStateException("the node did not start; see " + log);
      }
      Thread.sleep(100);
    }
    status();
  }

  private static boolean listens(int port) {
    try (var socket = new Socket("127.0.0.1", port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  StatusResponse status() {
    return client.call(ObservationServiceGrpcClient.Status, StatusRequest.getDefaultInstance());
  }

  CompactResponse compact() {
    return client.call(ObservationServiceGrpcClient.Compact, CompactRequest.getDefaultInstance());
  }

  /** CPU time of the node's process so far. */
  long cpuNanos() {
    return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** Bytes of live objects after a full collection. */
  long liveHeap() throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      String text = jcmd("GC.class_histogram");
      String total = text.lines().filter(l -> l.startsWith("Total")).findFirst().orElseThrow();
      least = Math.min(least, Long.parseLong(total.trim().split(" +")[2]));
    }
    return least;
  }

  /** Memory of the process that is in use, off the heap as well. */
  long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    String line =
        Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }

  /** One more client, with a connection of its own. */
  NodeClient another() {
    return new NodeClient(client.node(), null, Duration.ofSeconds(120));
  }

  String jcmd(String... words) throws Exception {
    var command = new ArrayList<>(List.of("jcmd", Long.toString(process.pid())));
    command.addAll(List.of(words));
    Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return text;
  }

  @Override
  public void fresh() {
    // Each round brings another day, which shares nothing with the days before.
  }

  @Override
  public long put(Path file) throws Exception {
    PutResponse done = send(file);
    if (done.getRejected() > 0) {
      throw new IllegalStateException(file + ": " + done.getRejected() + " rows rejected");
    }
    return done.getStored() + done.getUnchanged() + done.getCorrected();
  }

  private PutResponse send(Path file) throws IOException {
    var token = PutToken.newBuilder().setClient("bench").setSequence(sequence++);
    var header = PutHeader.newBuilder().setToken(token).setSource(file.getFileName().toString());
    try (InputStream in = Files.newInputStream(file)) {
      return new PutUpload(client, bytes -> {}).send(header.build(), in);
    }
  }

  @Override
  public long again(Path file) throws Exception {
    PutResponse done = send(file);
    if (done.getStored() + done.getCorrected() + done.getRejected() > 0) {
      throw new IllegalStateException(file + ": expected unchanged rows only, got " + done);
    }
    return done.getUnchanged();
  }

  @Override
  public void export(Path target) throws Exception {
    try (OutputStream out = Files.newOutputStream(target);
        var answer =
            RowsAnswer.open(
                client, ObservationServiceGrpcClient.Query, QueryRequest.getDefaultInstance())) {
      new AnswerWriter(AnswerFormat.csv, false, out).write(answer);
    }
  }

  @Override
  public long query(Query query, String station) {
    var where = Selection.newBuilder();
    switch (query) {
      case STATION -> where.addStations(station);
      case HOUR -> {
        long from = Instant.parse("2018-03-16T12:00:00Z").getEpochSecond() * 1_000_000;
        where.setFromUs(from).setToUs(from + 3_600_000_000L);
      }
      case HOT ->
          where.addWhere(
              Condition.newBuilder().setVariable("TMPF").setOp(Condition.Op.GT).addValues("80"));
      case LATEST -> {
        return drain(
            ObservationServiceGrpcClient.Latest,
            LatestRequest.newBuilder().setSelection(where).build());
      }
    }
    return drain(
        ObservationServiceGrpcClient.Query, QueryRequest.newBuilder().setSelection(where).build());
  }

  /** Reads all rows into arrays. */
  private <Q> long drain(ServiceMethod<QueryResponse, Q> method, Q request) {
    long rows = 0;
    try (var answer = RowsAnswer.open(client, method, request)) {
      for (AnswerBatch batch = answer.next(); batch != null; batch = answer.next()) {
        rows += batch.rows().rows();
      }
    }
    return rows;
  }

  @Override
  public void close() throws InterruptedException {
    client.close();
    process.destroy();
    process.waitFor();
  }
}
