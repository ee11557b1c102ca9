package org.mesohub.cli;

import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Small puts, linearizable reads, failover and memory of Mesohub and of etcd beside it, in turns and
 * in one run. Settings are in {@code bench/cluster.sh}.
 */
final class ClusterBench {
  private static final Path OUT = Path.of(System.getProperty("bench.out"));
  private static final int ROUNDS = Integer.getInteger("bench.rounds");
  private static final int SECONDS = Integer.getInteger("bench.seconds");
  private static final int KILLS = Integer.getInteger("bench.kills");
  private static final List<String> STORES =
      List.of(System.getProperty("bench.stores").split(","));
  private static final int PUT_BYTES = 1_024;
  private static final long TRY_EVERY_NANOS = 5_000_000;

  /** What one series gave: operations per second, latency in ms, failed operations. */
  private record Series(double rate, double p50, double p99, long errors) {}

  private final Map<String, List<Series>> results = new TreeMap<>();
  private final List<String> lines = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    new ClusterBench().run();
    System.exit(0);
  }

  private void run() throws Exception {
    var stores = new ArrayList<SmallOps>();
    try {
      open(stores);
      say("| idle RSS, MiB a node, 10 s after the start | |");
      Thread.sleep(10_000);
      for (SmallOps store : stores) {
        say("| " + store.name() + " | " + mib(store.residentKiB()) + " |");
      }
      for (int round = 0; round <= ROUNDS; round++) {
        for (int clients : new int[] {1, 16, 128}) {
          for (SmallOps store : stores) {
            measure(store, "put", clients, store::put, round);
          }
        }
        for (int clients : new int[] {1, 128}) {
          for (SmallOps store : stores) {
            measure(store, "get", clients, store::get, round);
          }
        }
      }
      say("");
      say("| what | operations/s | p50 ms | p99 ms | errors |");
      say("|---|---|---|---|---|");
      results.forEach((what, series) -> say(row(what, series)));
      for (SmallOps store : stores) {
        say("| " + store.name() + " RSS after it, MiB | " + mib(store.residentKiB()) + " | | | |");
      }
      for (SmallOps store : stores) {
        if (!store.name().endsWith("1 node")) {
          failover(store);
        }
      }
    } finally {
      for (SmallOps store : stores) {
        store.close();
      }
      Files.writeString(OUT.resolve("cluster.md"), String.join("\n", lines) + "\n");
    }
  }

  private void open(List<SmallOps> stores) throws Exception {
    Path scripts = Path.of(System.getProperty("bench.root"), "test-cluster");
    for (String store : STORES) {
      stores.add(
          switch (store) {
            case "one" -> new SmallNodes(scripts, OUT.resolve("cluster1"), 1, PUT_BYTES);
            case "three" -> new SmallNodes(scripts, OUT.resolve("cluster3"), 3, PUT_BYTES);
            case "etcd" -> new EtcdNodes(OUT.resolve("etcd"), PUT_BYTES, List.of());
            case "etcd-quick" ->
                new EtcdNodes(
                    OUT.resolve("etcd-quick"),
                    PUT_BYTES,
                    List.of("--heartbeat-interval=30", "--election-timeout=300"));
            default -> throw new IllegalArgumentException("no such store: " + store);
          });
    }
  }

  private void measure(
      SmallOps store, String what, int clients, IntFunction<Future<?>> operation, int round)
      throws Exception {
    store.leader();
    var loop = new Loop(clients, operation, SECONDS * 1_000_000_000L);
    Series series = loop.run();
    String text = "%s, %3d clients: %s".formatted(what, clients, store.name());
    System.err.printf("round %d %s: %s%n", round, text, series);
    // Round 0 warms up.
    if (round > 0) {
      results.computeIfAbsent(text, t -> new ArrayList<>()).add(series);
    }
  }

  /** So many clients, each with one operation under way at all times. */
  private static final class Loop {
    private final int clients;
    private final IntFunction<Future<?>> operation;
    private final long nanos;
    private final ConcurrentHistogram latencies = new ConcurrentHistogram(60_000_000_000L, 3);
    private final AtomicLong errors = new AtomicLong();
    private final Map<String, Boolean> told = new ConcurrentHashMap<>();
    private final CountDownLatch running;
    private long end;

    Loop(int clients, IntFunction<Future<?>> operation, long nanos) {
      this.clients = clients;
      this.operation = operation;
      this.nanos = nanos;
      this.running = new CountDownLatch(clients);
    }

    Series run() throws InterruptedException {
      long start = System.nanoTime();
      end = start + nanos;
      for (int client = 0; client < clients; client++) {
        next(client);
      }
      running.await();
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Series(
          latencies.getTotalCount() / seconds,
          latencies.getValueAtPercentile(50) / 1e6,
          latencies.getValueAtPercentile(99) / 1e6,
          errors.get());
    }

    private void next(int client) {
      long begin = System.nanoTime();
      if (begin - end > 0) {
        running.countDown();
        return;
      }
      operation
          .apply(client)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  latencies.recordValue(System.nanoTime() - begin);
                } else {
                  errors.incrementAndGet();
                  String text = String.valueOf(done.cause().getMessage());
                  if (told.putIfAbsent(text, true) == null && told.size() < 5) {
                    System.err.println("  error: " + text);
                  }
                }
                next(client);
              });
    }
  }

  /** kill -9 of the leader again and again; how long until the next put is acknowledged. */
  private void failover(SmallOps store) throws Exception {
    if (KILLS == 0) {
      return;
    }
    var millis = new ArrayList<Double>();
    for (int i = 0; i < KILLS; i++) {
      SmallNodes.untilTrue(n -> store.leader() > 0, 0);
      Thread.sleep(1_000);
      int leader = store.leader();
      var acknowledged = new AtomicLong();
      store.kill(leader);
      long killed = System.nanoTime();
      while (acknowledged.get() == 0 && System.nanoTime() - killed < 60_000_000_000L) {
        store
            .tryPut()
            .onSuccess(done -> acknowledged.compareAndSet(0, System.nanoTime()));
        java.util.concurrent.locks.LockSupport.parkNanos(TRY_EVERY_NANOS);
      }
      millis.add(acknowledged.get() == 0 ? Double.NaN : (acknowledged.get() - killed) / 1e6);
      System.err.println("failover of " + store.name() + ": " + millis.get(i) + " ms");
      store.mend();
    }
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    say(
        String.format(
            Locale.ROOT,
            "| failover of %s, %d kills: median %.0f ms, p99 %.0f ms, %.0f–%.0f | | | | |",
            store.name(),
            KILLS,
            sorted[sorted.length / 2],
            sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
            sorted[0],
            sorted[sorted.length - 1]));
  }

  private static String row(String what, List<Series> series) {
    return String.format(
        Locale.ROOT,
        "| %s | %.0f | %.2f | %.2f | %d |",
        what,
        median(series.stream().mapToDouble(Series::rate).toArray()),
        median(series.stream().mapToDouble(Series::p50).toArray()),
        median(series.stream().mapToDouble(Series::p99).toArray()),
        series.stream().mapToLong(Series::errors).sum());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static String mib(long[] kib) {
    return Arrays.stream(kib).mapToObj(k -> Long.toString(k >> 10)).reduce((a, b) -> a + ", " + b).orElse("");
  }

  private void say(String line) {
    System.out.println(line);
    lines.add(line);
  }
}
