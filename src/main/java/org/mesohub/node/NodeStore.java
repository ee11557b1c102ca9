package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.NodeConfig;
import org.mesohub.store.EmbeddedMongo;
import org.mesohub.store.MongoOptions;
import org.mesohub.store.MongoVerticle;

/**
 * The MongoDB of this node, a configured one or the embedded engine, and its verticle.
 *
 * @param engine null where MongoDB is configured
 */
record NodeStore(@Nullable EmbeddedMongo engine, MongoVerticle mongo) {
  private static final Duration COMPACTION = Duration.ofSeconds(60);

  static Future<NodeStore> start(Vertx vertx, NodeConfig config) {
    String uri = config.mongoUri();
    if (uri != null) {
      var mongo = new MongoVerticle(MongoOptions.of(uri));
      return vertx.deployVerticle(mongo).map(id -> new NodeStore(null, mongo));
    }
    return vertx
        .executeBlocking(() -> EmbeddedMongo.open(config.data().resolve("mongo"), 0))
        .compose(
            engine -> {
              var options = MongoOptions.of(engine.connectionString());
              var store =
                  new NodeStore(engine, new MongoVerticle(options, () -> shrink(vertx, engine)));
              return vertx
                  .deployVerticle(store.mongo)
                  .map(id -> store)
                  .recover(
                      failure ->
                          vertx
                              .executeBlocking(
                                  () -> {
                                    store.close();
                                    return null;
                                  })
                              .transform(closed -> Future.failedFuture(failure)));
            });
  }

  private static Future<Void> shrink(Vertx vertx, EmbeddedMongo engine) {
    return vertx.executeBlocking(
        () -> {
          engine.compact(COMPACTION);
          return null;
        });
  }

  /** Where the embedded engine listens on loopback. */
  OptionalInt enginePort() {
    return engine == null ? OptionalInt.empty() : OptionalInt.of(engine.port());
  }

  /** Closes the embedded engine; its verticle ends with Vert.x. */
  void close() {
    if (engine != null) {
      engine.close();
    }
  }
}
