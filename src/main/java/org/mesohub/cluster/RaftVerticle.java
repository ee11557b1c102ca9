package org.mesohub.cluster;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the replicated log as long as it is deployed. Alone, deployed means that the node leads;
 * among others it waits for its quorum afterwards, for as long as that takes.
 */
public final class RaftVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RaftVerticle.class);

  /** A sole voter needs its disk only. */
  private static final long LEADER_WAIT_SECONDS = 30;

  /** Ratis waits for its threads, which a hanging disk can hold for ever; a stop does not. */
  private static final long STOP_WAIT_SECONDS = 5;

  private final RaftConfig config;
  private final LogStateMachine machine;
  private final LongSupplier clockMicros;
  private final @Nullable RaftTransport transport;
  private @Nullable RatisLog log;

  /** For a node alone. */
  public RaftVerticle(RaftConfig config, LogStateMachine machine, LongSupplier clockMicros) {
    this(config, machine, clockMicros, null);
  }

  /**
   * @param clockMicros wall clock, microseconds since 1970; the only one the log and its state
   *     machine see
   * @param transport to the other voters; null: there are none
   */
  public RaftVerticle(
      RaftConfig config,
      LogStateMachine machine,
      LongSupplier clockMicros,
      @Nullable RaftTransport transport) {
    this.transport = transport;
    this.config = config;
    this.machine = machine;
    this.clockMicros = clockMicros;
  }

  /** The log, once deployed. */
  public RatisLog log() {
    RatisLog opened = log;
    if (opened == null) {
      throw new IllegalStateException("the log is not open: deploy its verticle first");
    }
    return opened;
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(() -> RatisLog.open(config, machine, clockMicros, vertx, transport))
        .compose(this::awaitLeader);
  }

  private Future<Void> awaitLeader(RatisLog opened) {
    log = opened;
    if (!config.isAlone()) {
      Future.fromCompletionStage(opened.leaderKnown(), context)
          .compose(ready -> claimFolder(opened))
          .onFailure(failure -> LOG.warn("the log folder is not marked as this node's", failure));
      LOG.info("waiting for a leader among {}", config.voters());
      return Future.succeededFuture();
    }
    return Future.fromCompletionStage(opened.leaderKnown(), context)
        .timeout(LEADER_WAIT_SECONDS, TimeUnit.SECONDS)
        .compose(ready -> claimFolder(opened))
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(explained(failure))));
  }

  private Future<Void> claimFolder(RatisLog opened) {
    return vertx.executeBlocking(
        () -> {
          opened.claimFolder();
          return null;
        });
  }

  private Throwable explained(Throwable failure) {
    return failure instanceof TimeoutException
        ? new IllegalStateException(
            "the log is not ready after %d s: check the disk of %s"
                .formatted(LEADER_WAIT_SECONDS, config.raftFolder()),
            failure)
        : failure;
  }

  @Override
  public Future<?> stop() {
    RatisLog opened = log;
    if (opened == null) {
      return Future.succeededFuture();
    }
    log = null;
    return vertx
        .executeBlocking(
            () -> {
              opened.close();
              return null;
            },
            false)
        .timeout(STOP_WAIT_SECONDS, TimeUnit.SECONDS)
        .otherwise(
            failure -> {
              LOG.warn("the log did not close cleanly; its data is safe", failure);
              return null;
            });
  }
}
