package org.mesohub.store;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.io.TempDir;

/** The contract over the embedded engine, as a node wires it. */
class EmbeddedChunkStoreIT extends DatabaseContract {
  @TempDir Path folder;
  private EmbeddedMongo mongo;

  @Override
  MongoOptions open() {
    mongo = EmbeddedMongo.open(folder, 0);
    return MongoOptions.of(mongo.connectionString());
  }

  @Override
  MongoVerticle verticle(Vertx vertx, MongoOptions options) {
    Callable<Void> compact =
        () -> {
          mongo.compact(Duration.ofSeconds(10));
          return null;
        };
    return new MongoVerticle(options, () -> vertx.executeBlocking(compact, false));
  }

  @Override
  void close() {
    mongo.close();
  }
}
