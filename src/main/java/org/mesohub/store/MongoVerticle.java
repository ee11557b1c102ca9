package org.mesohub.store;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.MongoClient;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns the connections to this node's database.
 *
 * <p>Deployed once the database answered a probe. The stores may be taken before and used after;
 * they fail as UNAVAILABLE when the verticle is gone.
 */
public final class MongoVerticle extends VerticleBase {
  /** Threads that verify what was read. */
  private static final int VERIFIERS = 2;

  /** Milliseconds the driver keeps a connection that nobody uses. */
  private static final int IDLE_MS = 60_000;

  private final MongoOptions options;
  private final Supplier<Future<Void>> compactor;
  private volatile @Nullable MongoClient client;
  private @Nullable WorkerExecutor verifiers;
  private volatile @Nullable ChunkStore chunks;
  private volatile @Nullable RejectStore rejects;
  private volatile @Nullable IdentityClaim identity;

  /** For a server that reclaims space by itself. */
  public MongoVerticle(MongoOptions options) {
    this(options, Future::succeededFuture);
  }

  /**
   * For a database whose file is shrunk on demand.
   *
   * @param compactor what {@link ChunkStore#compact} does; must not block
   */
  public MongoVerticle(MongoOptions options, Supplier<Future<Void>> compactor) {
    this.options = options;
    this.compactor = compactor;
  }

  @Override
  public Future<?> start() {
    JsonObject config =
        new JsonObject()
            .put("connection_string", options.connectionString())
            .put("db_name", options.database())
            .put("maxPoolSize", options.inFlightMax())
            .put("maxIdleTimeMS", IDLE_MS)
            .put("waitQueueTimeoutMS", options.deadlineMs())
            .put("serverSelectionTimeoutMS", options.deadlineMs())
            .put("connectTimeoutMS", options.deadlineMs())
            .put("socketTimeoutMS", 2 * options.deadlineMs())
            // A write counts when a majority has it in its journal; the embedded engine always
            // syncs.
            .put("w", "majority")
            .put("journal", true)
            .put("wtimeoutMS", options.deadlineMs());
    WorkerExecutor workers = vertx.createSharedWorkerExecutor("mesohub-store-verify", VERIFIERS);
    verifiers = workers;
    // Loading the driver and its commands takes long enough to be noticed on an event loop.
    return vertx
        .executeBlocking(
            () -> {
              MongoClient created = MongoClient.create(vertx, config);
              client = created;
              Database database = new Database(created, new Gate(vertx, options));
              ChunkStore store = new MongoChunkStore(database, workers, compactor);
              chunks = store;
              rejects = new MongoRejectStore(database, RejectStore.KEPT_MAX);
              identity = new IdentityClaim(database);
              return store.probe();
            })
        .compose(probing -> probing);
  }

  @Override
  public Future<?> stop() {
    MongoClient opened = client;
    Future<Void> closed = opened == null ? Future.succeededFuture() : opened.close();
    return closed.eventually(
        () -> verifiers == null ? Future.succeededFuture() : verifiers.close());
  }

  /** The chunks of this node; after deployment. */
  public ChunkStore chunks() {
    return deployed(chunks);
  }

  /** The rejected rows of this node; after deployment. */
  public RejectStore rejects() {
    return deployed(rejects);
  }

  /**
   * Takes an empty database for its owner or accepts the one it has; any other fails as FOREIGN.
   */
  public Future<Identity> claim(Identity wanted) {
    return deployed(identity).claim(wanted);
  }

  private static <T> T deployed(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("deploy the verticle first");
    }
    return part;
  }
}
