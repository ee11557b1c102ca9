package org.mesohub.store;

import static org.mesohub.store.ChunkStoreContract.await;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;

/**
 * Writes until killed and prints what was acknowledged: {@code + ids} stored, {@code - ids} about
 * to be removed. Arguments: folder, seed.
 */
final class KillWriter {
  private KillWriter() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    Random random = new Random(Long.parseLong(args[1]));
    EmbeddedMongo mongo = EmbeddedMongo.open(Path.of(args[0]), 0);
    Vertx vertx = Vertx.vertx();
    MongoVerticle verticle = new MongoVerticle(MongoOptions.of(mongo.connectionString()));
    await(vertx.deployVerticle(verticle));
    // A writer that fails ends at once, so that whoever reads its output does not wait for ever.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    Thread compactor =
        new Thread(
            () -> {
              while (true) {
                mongo.compact(Duration.ofMillis(500));
              }
            });
    compactor.setDaemon(true);
    compactor.start();
    while (true) {
      List<Blob> batch = new ArrayList<>();
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        byte[] content = new byte[random.nextInt(3) == 0 ? random.nextInt(200_000) : 500];
        random.nextBytes(content);
        batch.add(new Blob(ChunkId.of(content), content));
      }
      await(verticle.chunks().put(batch));
      List<ChunkId> ids = batch.stream().map(Blob::id).toList();
      System.out.println("+ " + text(ids));
      if (random.nextInt(3) == 0) {
        System.out.println("- " + text(ids));
        await(verticle.chunks().delete(ids));
      }
    }
  }

  private static String text(List<ChunkId> ids) {
    return ids.stream().map(ChunkId::hex).collect(Collectors.joining(" "));
  }
}
