package org.mesohub.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.mesohub.config.HostPort;

/** Three etcd nodes on loopback, talked to by the same gRPC client as Mesohub. */
final class EtcdNodes implements SmallOps {
  private static final int NODES = 3;
  private static final int CONNECTIONS = 4;
  private static final int KEYS = 1_000;

  private static final ServiceMethod<Buffer, Buffer> PUT = method("etcdserverpb", "KV", "Put");
  private static final ServiceMethod<Buffer, Buffer> RANGE = method("etcdserverpb", "KV", "Range");
  private static final ServiceMethod<Buffer, Buffer> STATUS =
      method("etcdserverpb", "Maintenance", "Status");

  private final Path folder;
  private final List<String> flags;
  private final int[] clientPorts = new int[NODES];
  private final int[] peerPorts = new int[NODES];
  private final Process[] processes = new Process[NODES];
  private final List<List<NodeClient>> clients = new ArrayList<>();
  private final ByteString value;
  private final AtomicLong keys = new AtomicLong();
  private final AtomicInteger turns = new AtomicInteger();
  private volatile int leader;

  EtcdNodes(Path folder, int valueBytes, List<String> flags) throws Exception {
    this.folder = folder;
    this.flags = flags;
    this.value = ByteString.copyFrom(new byte[valueBytes]);
    Files.createDirectories(folder);
    for (int i = 0; i < NODES; i++) {
      try (var one = new ServerSocket(0); var other = new ServerSocket(0)) {
        clientPorts[i] = one.getLocalPort();
        peerPorts[i] = other.getLocalPort();
      }
    }
    for (int i = 0; i < NODES; i++) {
      var some = new ArrayList<NodeClient>();
      for (int c = 0; c < CONNECTIONS; c++) {
        some.add(new NodeClient(new HostPort("127.0.0.1", clientPorts[i]), null, Duration.ofSeconds(10)));
      }
      clients.add(some);
    }
    mend();
  }

  private static ServiceMethod<Buffer, Buffer> method(String pkg, String service, String name) {
    return ServiceMethod.client(
        ServiceName.create(pkg, service), name, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
  }

  private void start(int i) throws IOException {
    String cluster =
        java.util.stream.IntStream.range(0, NODES)
            .mapToObj(n -> "n" + n + "=http://127.0.0.1:" + peerPorts[n])
            .collect(Collectors.joining(","));
    var command =
        new ArrayList<String>(
            List.of(
                "etcd", "--name", "n" + i,
                "--data-dir", folder.resolve("n" + i).toString(),
                "--listen-client-urls", "http://127.0.0.1:" + clientPorts[i],
                "--advertise-client-urls", "http://127.0.0.1:" + clientPorts[i],
                "--listen-peer-urls", "http://127.0.0.1:" + peerPorts[i],
                "--initial-advertise-peer-urls", "http://127.0.0.1:" + peerPorts[i],
                "--initial-cluster", cluster,
                "--initial-cluster-state", "new",
                "--quota-backend-bytes", "4000000000",
                "--log-level", "error"));
    command.addAll(flags);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("n" + i + ".log").toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    processes[i] = process;
  }

  @Override
  public String name() {
    return "etcd, 3 nodes" + (flags.isEmpty() ? "" : " " + String.join(" ", flags));
  }

  @Override
  public Future<?> put(int client) {
    return at(leader - 1, client).unary(PUT, pair(keys.incrementAndGet() % KEYS, value));
  }

  @Override
  public Future<?> get(int client) {
    return at(leader - 1, client).unary(RANGE, pair(client % KEYS, ByteString.EMPTY));
  }

  @Override
  public Future<?> tryPut() {
    int turn = Math.floorMod(turns.incrementAndGet(), NODES);
    return at(turn, turn)
        .unary(PUT, pair(turn, value))
        .timeout(500, TimeUnit.MILLISECONDS);
  }

  private NodeClient at(int node, int client) {
    return clients.get(Math.max(0, node)).get(client % CONNECTIONS);
  }

  /** PutRequest, or RangeRequest when the value is empty. */
  private static Buffer pair(long key, ByteString value) {
    var bytes = new ByteArrayOutputStream(value.size() + 32);
    try {
      var out = CodedOutputStream.newInstance(bytes);
      out.writeString(1, "key-" + key);
      if (!value.isEmpty()) {
        out.writeBytes(2, value);
      }
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Asks every node who leads; a node leads when it says so of itself. */
  @Override
  public int leader() {
    for (int i = 0; i < NODES; i++) {
      try {
        Buffer status =
            at(i, 0).await(at(i, 0).unary(STATUS, Buffer.buffer()), Duration.ofMillis(500));
        if (leads(status.getBytes())) {
          leader = i + 1;
          return leader;
        }
      } catch (CallException | IOException e) {
        continue;
      }
    }
    return 0;
  }

  /** StatusResponse: header (1) with member_id (2), leader (4). */
  private static boolean leads(byte[] status) throws IOException {
    var in = CodedInputStream.newInstance(status);
    long member = 0;
    long leads = -1;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag >>> 3 == 1) {
        var header = CodedInputStream.newInstance(in.readByteArray());
        for (int h = header.readTag(); h != 0; h = header.readTag()) {
          if (h >>> 3 == 2) {
            member = header.readUInt64();
          } else {
            header.skipField(h);
          }
        }
      } else if (tag >>> 3 == 4) {
        leads = in.readUInt64();
      } else {
        in.skipField(tag);
      }
    }
    return member == leads;
  }

  @Override
  public void kill(int node) {
    processes[node - 1].destroyForcibly();
  }

  @Override
  public void mend() throws Exception {
    for (int i = 0; i < NODES; i++) {
      if (processes[i] == null || !processes[i].isAlive()) {
        start(i);
      }
    }
    for (int i = 0; i < NODES; i++) {
      SmallNodes.untilTrue(this::answers, i);
    }
    SmallNodes.untilTrue(n -> leader() > 0, 0);
  }

  private boolean answers(int node) {
    try {
      at(node, 0).await(at(node, 0).unary(RANGE, pair(1, ByteString.EMPTY)), Duration.ofSeconds(2));
      return true;
    } catch (CallException e) {
      return false;
    }
  }

  @Override
  public long[] residentKiB() throws Exception {
    long[] kib = new long[NODES];
    for (int i = 0; i < NODES; i++) {
      kib[i] = SmallNodes.residentKiB(processes[i].pid());
    }
    return kib;
  }

  @Override
  public void close() {
    clients.forEach(some -> some.forEach(NodeClient::close));
    for (Process process : processes) {
      process.destroyForcibly();
    }
  }
}
