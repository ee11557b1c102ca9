package org.mesohub.replication;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every chunk of this node again and again, hashes it, and has what is corrupt fetched from
 * another member. A corrupt chunk that nobody else has stays, to be told from one that never was.
 */
public final class Scrub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

  /** Pause between two rounds. */
  private static final Duration PAUSE = Duration.ofDays(1);

  /** Rate at which chunks are read, bytes a second. */
  private static final long BYTES_PER_SECOND = 16L << 20;

  private static final int PAGE = 256;
  private static final long TIMEOUT_MS = 60_000;

  /** What a chunk costs beside its bytes, so that small ones are throttled as well. */
  private static final int CHUNK_BYTES = 1_024;

  private final ChunkStore local;
  private final Function<ChunkId, Future<Boolean>> heal;
  private final Throttle throttle;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var t = new Thread(work, "mesohub-scrub");
            t.setDaemon(true);
            t.setPriority(Thread.MIN_PRIORITY);
            return t;
          });
  private volatile Outcome outcome = new Outcome(0, 0, 0, 0);
  private Outcome total = outcome;
  private volatile Rounds rounds = new Rounds(0, false, "");

  /**
   * How far a round is or was.
   *
   * @param chunks chunks read
   * @param bytes their bytes, of those that were whole
   * @param corrupt chunks that were not
   * @param healed those of them that are again
   */
  public record Outcome(long chunks, long bytes, long corrupt, long healed) {
    private Outcome plus(Outcome more) {
      return new Outcome(
          chunks + more.chunks, bytes + more.bytes, corrupt + more.corrupt, healed + more.healed);
    }
  }

  /**
   * The rounds so far.
   *
   * @param begun their number, the one that runs included
   * @param failure why the last one ended early; empty when it did not
   */
  public record Rounds(long begun, boolean running, String failure) {}

  /**
   * @param local the database of this node
   * @param heal fetches a chunk that is corrupt here; {@link ReplicatedChunkStore#heal} in a
   *     cluster
   */
  public Scrub(ChunkStore local, Function<ChunkId, Future<Boolean>> heal) {
    this(local, heal, BYTES_PER_SECOND);
  }

  Scrub(ChunkStore local, Function<ChunkId, Future<Boolean>> heal, long bytesPerSecond) {
    this.local = local;
    this.heal = heal;
    this.throttle = new Throttle(bytesPerSecond);
  }

  /** Scrubs by itself from now on, once a day. */
  public void start() {
    start(PAUSE);
  }

  /** Scrubs by itself from now on, with a pause after each round. */
  void start(Duration pause) {
    thread.scheduleWithFixedDelay(
        () -> {
          if (begun()) {
            read();
          }
        },
        pause.toMillis(),
        pause.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private synchronized boolean begun() {
    boolean mine = !rounds.running;
    if (mine) {
      outcome = new Outcome(0, 0, 0, 0);
      rounds = new Rounds(rounds.begun + 1, true, "");
    }
    return mine;
  }

  /** Begins a round unless one is under way; gives the rounds as they are then. */
  public synchronized Rounds begin() {
    if (begun()) {
      try {
        thread.execute(this::read);
      } catch (RejectedExecutionException e) {
        rounds = new Rounds(rounds.begun, false, "the node is shutting down");
      }
    }
    return rounds;
  }

  /** The rounds so far. */
  public Rounds rounds() {
    return rounds;
  }

  /** All rounds together. */
  public synchronized Outcome total() {
    return rounds.running ? total.plus(outcome) : total;
  }

  /** The round under way, or the last one. */
  public Outcome outcome() {
    return outcome;
  }

  private void read() {
    String failure = "";
    try {
      readAll();
    } catch (RuntimeException | Error e) { // a task that throws is never run again
      LOG.warn("scrub ended early and is begun anew later", e);
      failure = String.valueOf(e.getMessage());
    }
    synchronized (this) {
      total = total.plus(outcome);
      rounds = new Rounds(rounds.begun, false, failure);
    }
  }

  private void readAll() {
    @Nullable ChunkId after = null;
    while (true) {
      List<ChunkId> page = Waiting.await(local.list(after, PAGE), TIMEOUT_MS);
      page.forEach(this::check);
      if (page.size() < PAGE) {
        return;
      }
      after = page.get(page.size() - 1);
    }
  }

  private void check(ChunkId id) {
    Outcome before = outcome;
    try {
      byte[] bytes = Waiting.await(local.get(id), TIMEOUT_MS);
      outcome =
          new Outcome(
              before.chunks + 1, before.bytes + bytes.length, before.corrupt, before.healed);
      throttle.done(CHUNK_BYTES + bytes.length);
    } catch (StoreException e) {
      if (e.reason() == Reason.CORRUPT) {
        LOG.warn("{}", e.getMessage());
        boolean healed = isHealed(id);
        outcome =
            new Outcome(
                before.chunks + 1,
                before.bytes,
                before.corrupt + 1,
                before.healed + (healed ? 1 : 0));
      } else if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  private boolean isHealed(ChunkId id) {
    try {
      return Waiting.await(heal.apply(id), TIMEOUT_MS);
    } catch (StoreException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
