package org.mesohub.grpc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.mesohub.api.PutOutcome;

/** What the public services count. Thread-safe. */
public final class GrpcMetrics {
  /** Upper bounds of the latency buckets. */
  private static final Duration[] LATENCY_BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final MeterRegistry registry;
  private final AtomicInteger inFlight;
  private final Counter puts;
  private final Counter stored;
  private final Counter unchanged;
  private final Counter corrected;
  private final Counter rejected;
  private final Counter queryRows;

  public GrpcMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.inFlight = registry.gauge("mesohub.grpc.in.flight", new AtomicInteger());
    this.puts = registry.counter("mesohub.puts");
    this.stored = rows(registry, "stored");
    this.unchanged = rows(registry, "unchanged");
    this.corrected = rows(registry, "corrected");
    this.rejected = rows(registry, "rejected");
    this.queryRows = registry.counter("mesohub.query.rows");
  }

  private static Counter rows(MeterRegistry registry, String outcome) {
    return registry.counter("mesohub.put.rows", "outcome", outcome);
  }

  void started() {
    inFlight.incrementAndGet();
  }

  void ended(String method, GrpcStatus status, long nanos) {
    inFlight.decrementAndGet();
    Timer.builder("mesohub.grpc.calls")
        .tags("method", method, "status", status.name())
        .serviceLevelObjectives(LATENCY_BUCKETS)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A call that this node handed to the leader. */
  void relayed(String path, String status, long nanos) {
    inFlight.decrementAndGet();
    Timer.builder("mesohub.grpc.relayed")
        .tags("method", path.substring(1), "status", status)
        .serviceLevelObjectives(LATENCY_BUCKETS)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A call that was to be relayed and is answered here after all, where it counts anew. */
  void handedBack() {
    inFlight.decrementAndGet();
  }

  /** Counts a put that was carried out; a replay or a dry run changed nothing and is left out. */
  void put(PutOutcome outcome, boolean dryRun) {
    if (outcome.replayed() || dryRun) {
      return;
    }
    puts.increment();
    stored.increment(outcome.stored());
    unchanged.increment(outcome.unchanged());
    corrected.increment(outcome.corrected());
    rejected.increment(outcome.rejected());
  }

  void rowsRead(int rows) {
    queryRows.increment(rows);
  }
}
