package org.mesohub.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcHeaderNames;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.mesohub.config.History;
import org.mesohub.config.HostPort;
import org.mesohub.config.NodeConfig;
import org.mesohub.grpc.AnswerMessage;
import org.mesohub.grpc.BatchCodec;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.DeleteResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutHeader;
import org.mesohub.proto.v1.PutRequest;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.PutToken;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.QueryResponse;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.proto.v1.StatusResponse;

/** A whole node in this process, without background work of its own, and a client of it. */
final class NodeFixture implements AutoCloseable {
  /** Longest wait for any one call; long, since machines that test are busy. */
  private static final long PATIENCE_S = 120;

  private static final long MESSAGE_BYTES_MAX = 32L << 20;
  private static final NodeConfig.Limits LIMITS =
      new NodeConfig.Limits(1L << 40, 256, 256, 64L << 20, 64L << 20);

  /** A call that the node refused or that broke. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient GrpcStatus status;

    Refused(GrpcStatus status, String message) {
      super(status + ": " + message);
      this.status = status;
    }
  }

  private final NodeConfig config;
  private final LongSupplier clockMicros;
  private final Vertx vertx = Vertx.vertx();
  private final GrpcClient client =
      GrpcClient.client(vertx, new GrpcClientOptions().setMaxMessageSize(MESSAGE_BYTES_MAX));
  private Node node;
  private int port;

  /** A node that this process starts. */
  NodeFixture(Path data) {
    this(config(data));
  }

  /** A node of some configuration that this process starts. */
  NodeFixture(NodeConfig config) {
    this(config, WallClock::micros);
  }

  /** A node with a clock of its own. */
  NodeFixture(NodeConfig config, LongSupplier clockMicros) {
    this.config = config;
    this.clockMicros = clockMicros;
    start();
  }

  /** A node that this process starts, with limits of its own. */
  NodeFixture(Path data, NodeConfig.Limits limits) {
    this(config(data, History.ALL, limits));
  }

  /** A node that runs elsewhere already. */
  NodeFixture(int port) {
    this.config = config(Path.of("elsewhere"));
    this.clockMicros = WallClock::micros;
    this.port = port;
  }

  static NodeConfig config(Path data) {
    return config(data, History.ALL, LIMITS);
  }

  static NodeConfig config(Path data, History history) {
    return config(data, history, LIMITS);
  }

  private static NodeConfig config(Path data, History history, NodeConfig.Limits limits) {
    return new NodeConfig(
        "node1",
        1,
        NodeConfig.Cluster.alone(null),
        data,
        new HostPort("127.0.0.1", 0),
        null,
        null,
        null,
        List.of(),
        history,
        Long.MAX_VALUE,
        null,
        new NodeConfig.Networks(null, Map.of(), Map.of()),
        Map.of(),
        limits,
        new NodeConfig.Compaction(false, Duration.ofMinutes(5)),
        new NodeConfig.Metrics(true),
        NodeConfig.Federation.NONE);
  }

  /** A node alone of a cluster that has a name. */
  static NodeConfig config(Path data, String clusterId) {
    NodeConfig alone = config(data);
    return of(alone, alone.nodeId(), 1, NodeConfig.Cluster.alone(clusterId), alone.listen());
  }

  /** One of several members of a cluster, on ports of loopback. */
  static NodeConfig config(Path data, Members members) {
    Member self = members.self();
    return of(
        config(data),
        self.id(),
        self.number(),
        new NodeConfig.Cluster("trio", members, 3, Duration.ofMinutes(5), null),
        HostPort.parse(self.publicAddress()).orElseThrow());
  }

  /** A node alone of a cluster that asks others; clients may say KSL for network 11. */
  static NodeConfig config(
      Path data, String clusterId, int port, NodeConfig.Federation federation) {
    NodeConfig usual = config(data, clusterId);
    return new NodeConfig(
        usual.nodeId(),
        usual.nodeNumber(),
        usual.cluster(),
        usual.data(),
        new HostPort("127.0.0.1", port),
        null,
        null,
        null,
        usual.tokens(),
        usual.history(),
        usual.capacityBytes(),
        null,
        new NodeConfig.Networks(null, Map.of("KSL", "11"), Map.of()),
        usual.owner(),
        usual.limits(),
        usual.compaction(),
        usual.metrics(),
        federation);
  }

  private static NodeConfig of(
      NodeConfig usual, String id, int number, NodeConfig.Cluster cluster, HostPort listen) {
    return new NodeConfig(
        id,
        number,
        cluster,
        usual.data(),
        listen,
        null,
        null,
        null,
        List.of(),
        usual.history(),
        usual.capacityBytes(),
        null,
        usual.networks(),
        Map.of(),
        usual.limits(),
        usual.compaction(),
        usual.metrics(),
        usual.federation());
  }

  /** Ports that nobody has now. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  /** Tries until it is neither refused nor wrong, for as long as one call may take. */
  static <T> T eventually(String what, Supplier<T> attempt) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (true) {
      try {
        return attempt.get();
      } catch (Refused | AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(what + ": " + e.getMessage(), e);
        }
        Thread.sleep(50);
      }
    }
  }

  void stop() {
    await(node.close());
  }

  void start() {
    node = await(Node.start(config, Surroundings.of(clockMicros)));
    port = node.port();
  }

  void restart() {
    await(node.close());
    start();
  }

  int port() {
    return port;
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts a file under a token; sequence 0: without token. */
  PutResponse put(byte[] file, long sequence) {
    return await(putting(file, sequence, false));
  }

  /** Puts a file of a named source. */
  PutResponse putFrom(String source, byte[] file) {
    return await(
        call(
                ObservationServiceGrpcClient.Put,
                List.of(
                    PutRequest.newBuilder()
                        .setHeader(PutHeader.newBuilder().setSource(source))
                        .build(),
                    PutRequest.newBuilder().setData(ByteString.copyFrom(file)).build()))
            .map(answers -> answers.get(0)));
  }

  PutResponse put(byte[] file) {
    return put(file, 0);
  }

  Future<PutResponse> putting(byte[] file, long sequence, boolean dryRun) {
    var header = PutHeader.newBuilder().setSource("test").setDryRun(dryRun);
    if (sequence != 0) {
      header.setToken(PutToken.newBuilder().setClient("test").setSequence(sequence));
    }
    List<PutRequest> messages = new ArrayList<>();
    messages.add(PutRequest.newBuilder().setHeader(header).build());
    for (int at = 0; at < file.length; at += 1 << 18) {
      ByteString piece = ByteString.copyFrom(file, at, Math.min(1 << 18, file.length - at));
      messages.add(PutRequest.newBuilder().setData(piece).build());
    }
    return call(ObservationServiceGrpcClient.Put, messages).map(answers -> answers.get(0));
  }

  /** Puts pieces as they are asked for, at the pace of the node. */
  Future<PutResponse> putting(Iterator<byte[]> pieces) {
    return client
        .request(address(), ObservationServiceGrpcClient.Put)
        .compose(
            request -> {
              Future<List<PutResponse>> answers = request.response().compose(NodeFixture::all);
              request.write(PutRequest.newBuilder().setHeader(PutHeader.newBuilder()).build());
              request.drainHandler(ready -> pump(request, pieces));
              request.exceptionHandler(refused -> {});
              pump(request, pieces);
              return answers.map(all -> all.get(0));
            });
  }

  private static void pump(
      GrpcClientRequest<PutRequest, PutResponse> request, Iterator<byte[]> pieces) {
    while (!request.writeQueueFull()) {
      if (!pieces.hasNext()) {
        request.drainHandler(null);
        request.end();
        return;
      }
      ByteString piece = UnsafeByteOperations.unsafeWrap(pieces.next());
      request.write(PutRequest.newBuilder().setData(piece).build());
    }
  }

  /** Sends a header and one piece, then takes the call back. */
  void putAndCancel(byte[] piece) {
    var request = await(client.request(address(), ObservationServiceGrpcClient.Put));
    var header = PutHeader.newBuilder().setSource("test");
    await(request.write(PutRequest.newBuilder().setHeader(header).build()));
    await(request.write(PutRequest.newBuilder().setData(ByteString.copyFrom(piece)).build()));
    request.cancel();
  }

  DeleteResponse delete(DeleteRequest request) {
    return await(call(ObservationServiceGrpcClient.Delete, List.of(request))).get(0);
  }

  StatusResponse status() {
    return await(
            call(ObservationServiceGrpcClient.Status, List.of(StatusRequest.getDefaultInstance())))
        .get(0);
  }

  CompactResponse compact() {
    return await(compacting());
  }

  Future<CompactResponse> compacting() {
    return call(ObservationServiceGrpcClient.Compact, List.of(CompactRequest.getDefaultInstance()))
        .map(answers -> answers.get(0));
  }

  /** Any call: all messages in, all answers out. */
  <Q, R> Future<List<R>> call(ServiceMethod<R, Q> method, List<Q> messages) {
    return client
        .request(address(), method)
        .compose(
            request -> {
              Future<List<R>> answers = request.response().compose(NodeFixture::all);
              send(request, messages);
              return answers;
            });
  }

  /** A call that is spoken by hand. */
  final class Talk<Q, R> {
    private final GrpcClientRequest<Q, R> request;
    private final LinkedBlockingQueue<Future<R>> arrived = new LinkedBlockingQueue<>();

    private Talk(GrpcClientRequest<Q, R> request) {
      this.request = request;
      request
          .response()
          .onSuccess(
              response -> {
                response.handler(message -> arrived.add(Future.succeededFuture(message)));
                response.exceptionHandler(failure -> arrived.add(Future.failedFuture(failure)));
                response.endHandler(
                    end ->
                        arrived.add(
                            response.status() == GrpcStatus.OK
                                ? Future.succeededFuture(null)
                                : Future.failedFuture(
                                    new Refused(response.status(), text(response)))));
              })
          .onFailure(failure -> arrived.add(Future.failedFuture(failure)));
    }

    void send(Q message) {
      await(request.write(message));
    }

    void end() {
      request.end();
    }

    void cancel() {
      request.cancel();
    }

    /** The next message, null at the end. */
    R next() {
      try {
        Future<R> next = arrived.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (next == null) {
          throw new IllegalStateException("nothing came");
        }
        return await(next);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  <Q, R> Talk<Q, R> talk(ServiceMethod<R, Q> method) {
    return new Talk<>(await(client.request(address(), method)));
  }

  /** The node's words: in the trailers, encoded, when messages came before. */
  private static String text(GrpcClientResponse<?, ?> response) {
    String text = response.statusMessage();
    return text != null
        ? text
        : URLDecoder.decode(
            response.trailers().get(GrpcHeaderNames.GRPC_MESSAGE), StandardCharsets.UTF_8);
  }

  private static <Q, R> void send(GrpcClientRequest<Q, R> request, List<Q> messages) {
    for (Q message : messages.subList(0, messages.size() - 1)) {
      request.write(message);
    }
    request.end(messages.get(messages.size() - 1));
  }

  private static <Q, R> Future<List<R>> all(GrpcClientResponse<Q, R> response) {
    Promise<List<R>> done = Promise.promise();
    List<R> answers = new ArrayList<>();
    response.handler(answers::add);
    response.exceptionHandler(done::tryFail);
    response.endHandler(
        end -> {
          if (response.status() == GrpcStatus.OK) {
            done.tryComplete(answers);
          } else {
            done.tryFail(new Refused(response.status(), response.statusMessage()));
          }
        });
    return done.future();
  }

  /** A reader that has stopped reading. */
  interface Stalled {
    /** Reads on to the end; gives the rows of the answer. */
    long rest();
  }

  Stalled stalled(QueryRequest query) {
    var request = await(client.request(address(), ObservationServiceGrpcClient.Query));
    request.end(query);
    GrpcClientResponse<QueryRequest, QueryResponse> response =
        await(
            request
                .response()
                .map(
                    arrived -> {
                      arrived.pause();
                      return arrived;
                    }));
    return () -> {
      Promise<Long> rows = Promise.promise();
      var count = new AtomicLong();
      response.handler(part -> count.addAndGet(part.getBatch().getRows()));
      response.exceptionHandler(rows::tryFail);
      response.endHandler(end -> rows.tryComplete(count.get()));
      response.resume();
      return await(rows.future());
    };
  }

  private SocketAddress address() {
    return SocketAddress.inetSocketAddress(port, "127.0.0.1");
  }

  /** The answer's batches, one after the other. */
  List<ObservationBatch> batches(QueryRequest query) {
    List<ObservationBatch> batches = new ArrayList<>();
    List<Column> columns = List.of();
    for (QueryResponse answer : await(call(ObservationServiceGrpcClient.Query, List.of(query)))) {
      if (answer.hasHeader()) {
        columns = BatchCodec.columns(answer.getHeader().getColumnsList());
      } else if (answer.hasBatch()) {
        batches.add(AnswerMessage.read(answer.toByteArray()).batch(columns).rows());
      }
    }
    return batches;
  }

  long count(QueryRequest.Builder query) {
    return await(
            call(ObservationServiceGrpcClient.Query, List.of(query.setCountOnly(true).build())))
        .get(0)
        .getHeader()
        .getCount();
  }

  /** Rows as text in the order of arrival: network/station@micros, then the cells by label. */
  List<String> rows(QueryRequest query) {
    List<String> rows = new ArrayList<>();
    for (ObservationBatch batch : batches(query)) {
      for (int row = 0; row < batch.rows(); row++) {
        var cells = new TreeMap<String, String>();
        for (ColumnVector vector : batch.columns()) {
          cell(vector, row, cells);
        }
        rows.add(
            batch.stationAt(row).network()
                + "/"
                + batch.stationAt(row).station()
                + "@"
                + batch.timeMicros()[row]
                + cells);
      }
    }
    return rows;
  }

  /** Explicitly missing cells are "M"; absent ones are left out. */
  private static void cell(ColumnVector vector, int row, Map<String, String> to) {
    String label = VariableDictionary.label(vector.column());
    if (vector.isPresent(row)) {
      var decimals = (ColumnVector.Decimals) vector;
      to.put(label, new Decimal(decimals.unscaled()[row], decimals.states()[row]).toString());
    } else if (vector.states()[row] == org.mesohub.observation.CellState.MISSING) {
      to.put(label, "M");
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    if (node != null) {
      await(node.close());
    }
  }
}
