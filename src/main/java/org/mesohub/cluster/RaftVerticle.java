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
 * Runs the replicated log as long as it is deployed. Deployed means, for a node alone, that it
 * leads; a node among several waits for others only where its log opens for the first time ({@link
 * Greetings}), and not for a leader: {@link RatisLog#onLeader} tells.
 */
public final class RaftVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RaftVerticle.class);

  /** A node alone that does not lead by then is broken. */
  private static final long LEADER_WAIT_SECONDS = 30;

  /** A node among several says that it waits for the others when it has done so for this long. */
  private static final long QUORUM_WAIT_MS = 3_000;

  /** Ratis waits for its threads, which a hanging disk can hold for ever; a stop does not. */
  private static final long STOP_WAIT_SECONDS = 5;

  private final RaftConfig config;
  private final LogStateMachine machine;
  private final LongSupplier clockMicros;
  private @Nullable RatisLog log;
  private volatile @Nullable Greetings greetings;
  private volatile boolean abandoned;

  /**
   * @param clockMicros wall clock, microseconds since 1970; the only one the log and its state
   *     machine see
   */
  public RaftVerticle(RaftConfig config, LogStateMachine machine, LongSupplier clockMicros) {
    this.config = config;
    this.machine = machine;
    this.clockMicros = clockMicros;
  }

  /**
   * Takes part in the log of others, or asks to be taken in; once what they need of this node
   * works.
   */
  public void takePart() {
    Greetings made = greetings;
    if (made != null) {
      made.takePart();
    }
  }

  /** Waits no more for others before its log opens: something else of this node has failed. */
  public void abandon() {
    abandoned = true;
    Greetings made = greetings;
    if (made != null) {
      made.close();
    }
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
    RaftConfig.Peers peers = config.rpc().peers();
    return peers == null ? open(false) : greet(peers);
  }

  /** Opens the log when the others have nothing against it, which may take a while. */
  private Future<?> greet(RaftConfig.Peers peers) {
    return vertx
        .executeBlocking(() -> new Greetings(vertx, config, peers))
        .compose(
            made -> {
              greetings = made;
              Future<Boolean> mayOpen = made.mayOpen();
              if (abandoned) {
                made.close();
              }
              return mayOpen;
            })
        .compose(this::open)
        .onFailure(
            failure -> {
              Greetings made = greetings;
              if (made != null) {
                made.close();
              }
            })
        .onSuccess(
            opened -> {
              Greetings made = greetings;
              if (made != null) {
                made.opened(log());
              }
            });
  }

  private Future<?> open(boolean joins) {
    return vertx
        .executeBlocking(() -> RatisLog.open(config, joins, machine, clockMicros))
        .compose(
            opened -> {
              log = opened;
              return config.isAlone() ? awaitLeader(opened) : joinOthers(opened);
            });
  }

  private Future<Void> joinOthers(RatisLog opened) {
    long notice =
        vertx.setTimer(
            QUORUM_WAIT_MS,
            id ->
                LOG.warn(
                    "no leader yet: waiting for a majority of the voters {}",
                    opened.status().voters()));
    opened.leaderKnown().whenComplete((known, failure) -> vertx.cancelTimer(notice));
    return claimFolder(opened)
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  private Future<Void> awaitLeader(RatisLog opened) {
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
            "no leader after %d s, although this node votes alone".formatted(LEADER_WAIT_SECONDS),
            failure)
        : failure;
  }

  @Override
  public Future<?> stop() {
    Greetings greeting = greetings;
    if (greeting != null) {
      greeting.close();
    }
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
