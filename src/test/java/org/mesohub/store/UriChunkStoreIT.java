package org.mesohub.store;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract over a {@code mongodb://} URI: of the server named by {@code
 * MESOHUB_TEST_MONGODB_URI} (a database is left behind per test), else of an embedded engine that
 * stands in for one.
 */
class UriChunkStoreIT extends DatabaseContract {
  @TempDir Path folder;
  private EmbeddedMongo standIn;

  @Override
  MongoOptions open() {
    String uri = System.getenv("MESOHUB_TEST_MONGODB_URI");
    if (uri == null) {
      standIn = EmbeddedMongo.open(folder, 0);
      uri = "mongodb://127.0.0.1:" + standIn.port() + "/?appName=mesohub&retryWrites=true";
    }
    MongoOptions usual = MongoOptions.of(uri);
    return new MongoOptions(
        uri,
        "test-" + UUID.randomUUID(),
        usual.deadlineMs(),
        usual.inFlightMax(),
        usual.waitingMax());
  }

  @Override
  MongoVerticle verticle(Vertx vertx, MongoOptions options) {
    return new MongoVerticle(options);
  }

  @Override
  void close() {
    if (standIn != null) {
      standIn.close();
    }
  }
}
