package org.mesohub.cli;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.mesohub.config.HostPort;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.Selection;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.proto.v1.StatusResponse;

/** Nodes of Mesohub that the scripts of {@code test-cluster} run: one, or a cluster. */
final class SmallNodes implements SmallOps {
  private static final int CONNECTIONS = 4;
  private static final int CLIENTS_MAX = 1_000;
  private static final long START_US = 1_521_158_400_000_000L;

  private final Path scripts;
  private final Path run;
  private final int nodes;
  private final List<List<NodeClient>> clients = new ArrayList<>();
  private final int rows;
  private final BenchRows[] batches = new BenchRows[CLIENTS_MAX];
  private final AtomicLong[] sequences = new AtomicLong[CLIENTS_MAX];
  private final String name = "bench" + System.currentTimeMillis();
  private final AtomicInteger turns = new AtomicInteger();
  private volatile int leader;

  SmallNodes(Path scripts, Path run, int nodes, int putBytes) throws Exception {
    this.scripts = scripts;
    this.run = run;
    this.nodes = nodes;
    this.rows = rowsFor(putBytes);
    script("down.sh", "--delete");
    script("up.sh", Integer.toString(nodes), "--wait", "120");
    for (String line : Files.readAllLines(run.resolve("nodes.tsv"))) {
      var some = new ArrayList<NodeClient>();
      for (int c = 0; c < CONNECTIONS; c++) {
        some.add(new NodeClient(HostPort.parse(line.split("\t")[2]).orElseThrow(), null, Duration.ofSeconds(10)));
      }
      clients.add(some);
    }
    for (int i = 0; i < CLIENTS_MAX; i++) {
      batches[i] = new BenchRows(rows, START_US + i * 7 * 86_400_000_000L, i, name + "-" + i);
      sequences[i] = new AtomicLong();
    }
    untilTrue(n -> leader() > 0, 0);
  }

  /** Rows whose message is nearest to so many bytes. */
  private static int rowsFor(int bytes) {
    int rows = 1;
    while (new BenchRows(rows + 1, START_US, 1, "b").batch().getSerializedSize() <= bytes) {
      rows++;
    }
    return rows;
  }

  private void script(String script, String... words) throws Exception {
    var command = new ArrayList<String>(List.of(scripts.resolve(script).toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MESOHUB_TEST_RUN", run.toString());
    builder.redirectOutput(run.resolveSibling(run.getFileName() + ".log").toFile());
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException(command + " failed; see " + run + ".log");
    }
  }

  @Override
  public String name() {
    return nodes == 1 ? "Mesohub, 1 node" : "Mesohub, " + nodes + " nodes";
  }

  int rows() {
    return rows;
  }

  @Override
  public Future<?> put(int client) {
    return put(at(leader - 1, client), client);
  }

  private Future<PutResponse> put(NodeClient node, int client) {
    var header =
        PutHeader.newBuilder()
            .setToken(
                PutToken.newBuilder()
                    .setClient(name + "-" + client)
                    .setSequence(sequences[client].incrementAndGet()))
            .addAllColumns(BatchCodec.columnsOf(VariableDictionary.mesowest()));
    var batch = PutRequest.newBuilder().setBatch(batches[client].batch());
    return node.<PutRequest, PutResponse>open(ObservationServiceGrpcClient.Put)
        .compose(
            request -> {
              Future<PutResponse> answer = node.answer(request);
              request.write(PutRequest.newBuilder().setHeader(header).build());
              request.end(batch.build());
              return answer;
            });
  }

  /** One station at the minutes of one client: what the reading client itself has put, one row first. */
  @Override
  public Future<?> get(int client) {
    long from = START_US + client * 7 * 86_400_000_000L;
    var selection =
        Selection.newBuilder().addStations("bench/B0").setFromUs(from).setToUs(from + 60_000_000L);
    NodeClient node = at(leader - 1, client);
    return node.<QueryRequest, QueryResponse>open(ObservationServiceGrpcClient.Query)
        .compose(
            request -> {
              Future<QueryResponse> answer = node.answer(request);
              request.end(QueryRequest.newBuilder().setSelection(selection).build());
              return answer;
            });
  }

  @Override
  public Future<?> tryPut() {
    int turn = Math.floorMod(turns.incrementAndGet(), nodes);
    return put(at(turn, turn), CLIENTS_MAX - 1 - turn % 100).timeout(500, TimeUnit.MILLISECONDS);
  }

  private NodeClient at(int node, int client) {
    return clients.get(Math.max(0, node)).get(client % CONNECTIONS);
  }

  @Override
  public int leader() {
    for (int i = 0; i < nodes; i++) {
      try {
        StatusResponse status =
            at(i, 0)
                .await(
                    at(i, 0)
                        .unary(ObservationServiceGrpcClient.Status, StatusRequest.getDefaultInstance()),
                    Duration.ofMillis(500));
        if (status.getNode().equals(status.getLeader())) {
          leader = i + 1;
          return leader;
        }
      } catch (CallException e) {
        continue;
      }
    }
    return 0;
  }

  private long pid(int node) throws IOException {
    return Long.parseLong(Files.readString(run.resolve("node" + node).resolve("pid")).split(" ")[0]);
  }

  @Override
  public void kill(int node) throws IOException {
    ProcessHandle.of(pid(node)).orElseThrow().destroyForcibly();
  }

  @Override
  public void mend() throws Exception {
    script("up.sh", "--wait", "120");
    untilTrue(n -> leader() > 0, 0);
  }

  @Override
  public long[] residentKiB() throws IOException {
    long[] kib = new long[nodes];
    for (int i = 0; i < nodes; i++) {
      kib[i] = residentKiB(pid(i + 1));
    }
    return kib;
  }

  static long residentKiB(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  static void untilTrue(IntPredicate condition, int argument) throws InterruptedException {
    for (int tries = 0; !condition.test(argument); tries++) {
      if (tries > 600) {
        throw new IllegalStateException("not well after a minute");
      }
      Thread.sleep(100);
    }
  }

  @Override
  public void close() throws Exception {
    clients.forEach(some -> some.forEach(NodeClient::close));
    script("down.sh", "--delete");
  }
}
