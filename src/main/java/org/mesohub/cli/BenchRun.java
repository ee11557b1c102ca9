package org.mesohub.cli;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Random;

/** One load test on one event loop: ticks the schedule, starts what is due, records what ends. */
final class BenchRun {
  /**
   * The finest a timer gets; requests due within one tick start together, and their latency
   * includes the wait.
   */
  private static final int TICK_MILLIS = 1;

  private final Vertx vertx;
  private final BenchOperations operations;
  private final BenchMix mix;
  private final Random random;
  private final OpenLoop schedule;
  private final long countFromNanos;
  private final long giveUpNanos;
  private final BenchStats stats = new BenchStats();
  private final Promise<BenchStats> done = Promise.promise();
  private long abandoned;
  private long endNanos;

  /**
   * @param countFromNanos requests due before are warm-up and not counted
   * @param giveUpNanos when requests that still wait are given up
   */
  BenchRun(
      Vertx vertx,
      BenchOperations operations,
      BenchMix mix,
      Random random,
      OpenLoop schedule,
      long countFromNanos,
      long giveUpNanos) {
    this.vertx = vertx;
    this.operations = operations;
    this.mix = mix;
    this.random = random;
    this.schedule = schedule;
    this.countFromNanos = countFromNanos;
    this.giveUpNanos = giveUpNanos;
  }

  /** Runs to the end. */
  io.vertx.core.Future<BenchStats> start() {
    vertx.runOnContext(v -> vertx.setPeriodic(TICK_MILLIS, this::tick));
    return done.future();
  }

  private void tick(long timer) {
    long now = System.nanoTime();
    if (now - giveUpNanos > 0) {
      abandoned += schedule.abandon();
    } else {
      schedule.tick(now, this::begin);
    }
    if (schedule.isDone()) {
      vertx.cancelTimer(timer);
      done.tryComplete(stats);
    }
  }

  private void begin(long dueNanos) {
    BenchMix.Op op = mix.pick(random);
    operations
        .run(op)
        .onComplete(
            result -> {
              endNanos = System.nanoTime();
              if (dueNanos - countFromNanos >= 0) {
                if (result.succeeded()) {
                  stats.success(op, endNanos - dueNanos, result.result());
                } else {
                  stats.failure(op, status(result.cause()));
                }
              }
              // Not from within: a start that fails at once would recurse.
              vertx.runOnContext(v -> schedule.finished(this::begin));
            });
  }

  private static String status(Throwable e) {
    return e instanceof CallException call ? call.status() : e.getClass().getSimpleName();
  }

  String report() {
    return stats.report((endNanos - countFromNanos) / 1e9, schedule.late(), abandoned);
  }

  long inFlight() {
    return schedule.inFlight();
  }

  BenchStats stats() {
    return stats;
  }
}
