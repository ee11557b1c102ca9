package org.mesohub.replication;

import static org.mesohub.store.ChunkStoreContract.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.MongoClient;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.EmbeddedMongo;
import org.mesohub.store.MongoOptions;
import org.mesohub.store.MongoVerticle;
import org.mesohub.tls.PeerTls;
import org.pcollections.HashTreePSet;

/** Members in one JVM: an engine each, and gRPC on loopback between them. */
final class ChunkCluster implements AutoCloseable {
  static final String ANY = "127.0.0.1";

  /** Patience of tests for what is to happen in the background. */
  private static final long EVENTUALLY_MS = 30_000;

  final Vertx vertx = Vertx.vertx();
  final List<Node> nodes = new ArrayList<>();
  private final ReplicationLimits limits;
  private final @Nullable PeerTls tls;

  /** A member. */
  final class Node {
    final Member member;
    final ChunkStore database;
    final LocalChunks local;
    final ReplicatedChunkStore store;
    final AtomicReference<CatalogueState> catalogue =
        new AtomicReference<>(CatalogueState.empty("utah"));
    private final EmbeddedMongo mongo;
    private final MongoClient raw;
    final Membership membership;
    private final ChunkPeers peers;
    private @Nullable HttpServer server;

    private Node(Members members, Path folder) throws Exception {
      this.member = members.self();
      this.membership = new Membership(members);
      this.mongo = EmbeddedMongo.open(folder, 0);
      MongoOptions options = MongoOptions.of(mongo.connectionString());
      var verticle = new MongoVerticle(options);
      await(vertx.deployVerticle(verticle));
      this.raw =
          MongoClient.create(
              vertx,
              new JsonObject()
                  .put("connection_string", options.connectionString())
                  .put("db_name", options.database()));
      this.database = verticle.chunks();
      this.local =
          new LocalChunks(
              vertx,
              member,
              database,
              catalogue::get,
              () -> Future.succeededFuture(new ReplicaStat(1_000, -1, 10, true, "")),
              limits);
      this.peers = new ChunkPeers(vertx, membership, tls, limits);
      this.store = new ReplicatedChunkStore(vertx, membership, local, peers, holders(), limits);
    }

    private Holders holders() {
      return new Holders() {
        @Override
        public Collection<Member> all() {
          return membership.now().staying();
        }

        @Override
        public Collection<Member> taking() {
          return membership.now().staying();
        }
      };
    }

    /** Begins to answer its peers. */
    void up() throws Exception {
      GrpcServer grpc =
          GrpcServer.server(
              vertx,
              new GrpcServerOptions().setMaxMessageSize(ReplicationLimits.MESSAGE_BYTES_MAX));
      grpc.addService(ChunkService.of(vertx, local, store::heal));
      var options =
          new HttpServerOptions()
              .setInitialSettings(new Http2Settings().setInitialWindowSize(4 << 20))
              .setHttp2ConnectionWindowSize(8 << 20);
      if (tls != null) {
        tls.secure(options);
      }
      server =
          await(
              vertx
                  .createHttpServer(options)
                  .requestHandler(grpc)
                  .listen(member.internalPort(), member.host()));
    }

    /** Is gone for its peers. */
    void down() throws Exception {
      HttpServer open = server;
      server = null;
      if (open != null) {
        await(open.close());
      }
    }

    /** Sets fields of a chunk's document. */
    void damage(ChunkId id, JsonObject fields) throws Exception {
      await(
          raw.updateCollection(
              "chunks",
              new JsonObject().put("_id", id.hex()),
              new JsonObject().put("$set", fields)));
    }

    void flipByte(Blob blob) throws Exception {
      byte[] damaged = blob.bytes().clone();
      damaged[damaged.length / 2] ^= 1;
      damage(blob.id(), new JsonObject().put("b", new JsonObject().put("$binary", damaged)));
    }

    boolean has(ChunkId id) throws Exception {
      return !await(database.present(Set.of(id))).isEmpty();
    }

    /** What a whole chunk there is, by the database alone. */
    boolean isWhole(Blob blob) throws Exception {
      try {
        return java.util.Arrays.equals(await(database.get(blob.id())), blob.bytes());
      } catch (java.util.concurrent.ExecutionException e) {
        return false;
      }
    }
  }

  ChunkCluster(int count, Path folder, ReplicationLimits limits) throws Exception {
    this(members(count), count, folder, limits, null);
  }

  /**
   * @param running the first so many members have a store and answer; the others are for the test
   */
  ChunkCluster(
      List<Member> members,
      int running,
      Path folder,
      ReplicationLimits limits,
      @Nullable PeerTls tls)
      throws Exception {
    this.limits = limits;
    this.tls = tls;
    for (Member member : members.subList(0, running)) {
      Node node = new Node(new Members(member.id(), members), folder.resolve(member.id()));
      nodes.add(node);
      node.up();
    }
  }

  static List<Member> members(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ANY));
      sockets.add(socket);
      members.add(member(i, socket.getLocalPort()));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return members;
  }

  static Member member(int number, int port) {
    return new Member("n" + number, number, ANY, 1, 1, port, ANY + ":1", true);
  }

  /** Changes what every member has applied. */
  void apply(UnaryOperator<CatalogueState> change) {
    nodes.forEach(node -> node.catalogue.updateAndGet(change));
  }

  static UnaryOperator<CatalogueState> condemn(Collection<ChunkId> ids) {
    return state -> with(state, HashTreePSet.from(ids), state.condemnEpoch() + 1);
  }

  static UnaryOperator<CatalogueState> collected() {
    return state -> with(state, HashTreePSet.empty(), state.condemnEpoch());
  }

  private static CatalogueState with(
      CatalogueState state, org.pcollections.MapPSet<ChunkId> condemned, long epoch) {
    return new CatalogueState(
        state.clusterId(),
        state.commit(),
        state.timeMicros(),
        state.days(),
        state.tombstones(),
        state.tokens(),
        condemned,
        epoch,
        state.runsEpoch());
  }

  static Blob blob(Random random, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return new Blob(ChunkId.of(content), content);
  }

  static List<Blob> blobs(long seed, int count, int bytes) {
    Random random = new Random(seed);
    List<Blob> blobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blobs.add(blob(random, bytes));
    }
    return blobs;
  }

  static List<ChunkId> ids(List<Blob> blobs) {
    return blobs.stream().map(Blob::id).toList();
  }

  /** Waits for what happens in the background. */
  static void eventually(String what, java.util.concurrent.Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + EVENTUALLY_MS * 1_000_000;
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + " did not happen");
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() throws Exception {
    for (Node node : nodes) {
      node.peers.close();
    }
    await(vertx.close());
    for (Node node : nodes) {
      node.mongo.close();
    }
  }
}
