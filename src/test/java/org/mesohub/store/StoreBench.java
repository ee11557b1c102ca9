package org.mesohub.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;

/**
 * Measures the store: start, writes, reads, growth of the file. Arguments: an empty folder, {@code
 * start} to measure the start only.
 */
final class StoreBench {
  private static final int CHUNK_BYTES = 600_000;

  private final ChunkStore store;
  private final Random random = new Random(1);

  private StoreBench(ChunkStore store) {
    this.store = store;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    Path folder = Path.of(args[0]);
    EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0);
    long opened = System.nanoTime();
    Vertx vertx = Vertx.vertx();
    long vertxReady = System.nanoTime();
    MongoVerticle verticle = new MongoVerticle(MongoOptions.of(mongo.connectionString()));
    await(vertx.deployVerticle(verticle));
    long ready = System.nanoTime();
    await(verticle.claim(Identity.of("bench", "a")));
    System.out.printf(
        Locale.ROOT,
        "start: engine %d ms, vert.x %d ms, client and probe %d ms, sum %d ms%n",
        (opened - start) / 1_000_000,
        (vertxReady - opened) / 1_000_000,
        (ready - vertxReady) / 1_000_000,
        (ready - start) / 1_000_000);
    if (args.length > 1 && args[1].equals("start")) {
      mongo.close();
      System.exit(0);
    }
    StoreBench bench = new StoreBench(verticle.chunks());
    for (int round = 0; round < 3; round++) {
      System.out.println("round " + round);
      long commits = mongo.commits();
      List<ChunkId> ids = bench.put("put 10 x 600 KB, 1 at once", 15, 10, CHUNK_BYTES, 1);
      ids.addAll(bench.put("put 10 x 600 KB, 4 at once", 20, 10, CHUNK_BYTES, 4));
      ids.addAll(bench.put("put 1 x 600 KB, 1 at once", 60, 1, CHUNK_BYTES, 1));
      ids.addAll(bench.put("put 1 x 600 KB, 8 at once", 100, 1, CHUNK_BYTES, 8));
      ids.addAll(bench.put("put 100 x 1 KB, 1 at once", 60, 100, 1_000, 1));
      ids.addAll(bench.put("put 1 x 1 KB, 1 at once", 200, 1, 1_000, 1));
      ids.addAll(bench.put("put 1 x 1 KB, 16 at once", 800, 1, 1_000, 16));
      System.out.println("commits " + (mongo.commits() - commits));
      List<ChunkId> large = ids.subList(0, 350);
      bench.each("get 600 KB, 1 at once", 200, 1, CHUNK_BYTES, i -> bench.store.get(large.get(i)));
      bench.each("get 600 KB, 4 at once", 350, 4, CHUNK_BYTES, i -> bench.store.get(large.get(i)));
      List<ChunkId> thousand = ids.subList(350, 1350);
      bench.each("present 1,000 ids", 20, 1, 64_000, i -> bench.store.present(thousand));
      bench.each("list 1,000 ids", 20, 1, 64_000, i -> bench.store.list(null, 1_000));
      System.out.printf(
          "memory used after collection %d MB, file %d MB%n", usedMb(), mongo.fileBytes() >> 20);
      long begin = System.nanoTime();
      await(bench.store.delete(ids));
      System.out.printf(
          "delete %d chunks %d ms%n", ids.size(), (System.nanoTime() - begin) / 1_000_000);
    }
    System.out.printf("file after deletion %d MB%n", mongo.fileBytes() >> 20);
    long begin = System.nanoTime();
    mongo.compact(Duration.ofSeconds(60));
    System.out.printf(
        "compacted in %d ms: %d MB%n",
        (System.nanoTime() - begin) / 1_000_000, mongo.fileBytes() >> 20);
    begin = System.nanoTime();
    await(vertx.close());
    mongo.close();
    System.out.printf("closed in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
  }

  private List<ChunkId> put(String name, int puts, int chunks, int bytes, int atOnce)
      throws Exception {
    List<List<Blob>> work = new ArrayList<>();
    List<ChunkId> ids = new ArrayList<>();
    for (int i = 0; i < puts; i++) {
      List<Blob> batch = new ArrayList<>();
      for (int j = 0; j < chunks; j++) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        batch.add(new Blob(ChunkId.of(content), content));
        ids.add(batch.get(j).id());
      }
      work.add(batch);
    }
    each(name, puts, atOnce, (long) chunks * bytes, i -> store.put(work.get(i)));
    return ids;
  }

  @SuppressWarnings("SystemOut")
  private void each(
      String name, int operations, int atOnce, long bytes, IntFunction<Future<?>> operation)
      throws Exception {
    Semaphore slots = new Semaphore(atOnce);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    long begin = System.nanoTime();
    long cpuBegin = cpuNanos();
    for (int i = 0; i < operations; i++) {
      slots.acquire();
      operation
          .apply(i)
          .onComplete(
              result -> {
                if (result.failed()) {
                  failure.set(result.cause());
                }
                slots.release();
              });
    }
    slots.acquire(atOnce);
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.1f/s %8.1f MB/s %8.2f ms each, %.2f ms CPU%n",
        name,
        operations / seconds,
        operations * bytes / seconds / 1e6,
        1e3 * seconds / operations,
        (cpuNanos() - cpuBegin) / 1e6 / operations);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long usedMb() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
