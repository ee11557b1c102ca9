package org.mesohub.replication;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.mesohub.replication.QuorumPut.State;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.store.StoreException;

/**
 * Sends the chunks of one put to their members. What is under way when the quorum is reached goes
 * on; what still waits for its turn then is left to repair.
 */
final class ReplicatedPut {
  /** What a small batch counts for, so that calls are bounded as well as bytes. */
  private static final int CALL_BYTES = 64 << 10;

  private final QuorumPut quorum;
  private final BiFunction<Replica, List<Blob>, Future<Void>> send;
  private final ReplicationCounters counters;
  private final Promise<Void> result = Promise.promise();
  private final List<Batch> open = new ArrayList<>();

  /** Chunks on their way to one member in one message. */
  private final class Batch {
    private final Lane lane;
    private final List<Blob> chunks;
    private Budget.@Nullable Share share;

    private Batch(Lane lane, List<Blob> chunks) {
      this.lane = lane;
      this.chunks = chunks;
    }

    private long bytes() {
      return Math.max(CALL_BYTES, chunks.stream().mapToLong(chunk -> chunk.bytes().length).sum());
    }

    private List<ChunkId> ids() {
      return chunks.stream().map(Blob::id).toList();
    }
  }

  /**
   * @param send how a member is given a batch
   */
  ReplicatedPut(
      QuorumPut quorum,
      BiFunction<Replica, List<Blob>, Future<Void>> send,
      ReplicationCounters counters) {
    this.quorum = quorum;
    this.send = send;
    this.counters = counters;
  }

  /** Sends; the future succeeds at the quorum, and fails at the latest after {@code putMs}. */
  Future<Void> start(Vertx vertx, Map<Lane, List<Blob>> wanted, long putMs) {
    List<Batch> batches = new ArrayList<>();
    wanted.forEach(
        (lane, chunks) -> Batches.of(chunks).forEach(part -> batches.add(new Batch(lane, part))));
    synchronized (this) {
      open.addAll(batches);
    }
    long timer = vertx.setTimer(putMs, id -> settle(quorum.overdue()));
    result.future().onComplete(done -> vertx.cancelTimer(timer));
    for (Batch batch : batches) {
      Budget.Share share = batch.lane.puts().take(batch.bytes(), granted -> begin(batch, granted));
      synchronized (this) {
        batch.share = share;
      }
    }
    settle(quorum.state());
    return result.future();
  }

  private void begin(Batch batch, Budget.Share share) {
    Lane.attempt(() -> send.apply(batch.lane.replica(), batch.chunks))
        .onComplete(
            done -> {
              share.release();
              ended(batch, done.succeeded() ? null : Failures.of(done.cause()));
            });
  }

  private void ended(Batch batch, @Nullable StoreException failure) {
    if (failure != null) {
      counters.failed(batch.lane.id());
    }
    State state =
        failure == null
            ? quorum.durable(batch.ids())
            : quorum.failed(batch.lane.id(), batch.ids(), failure);
    settle(state);
    close(batch);
  }

  /** Answers once it is decided, and lets nothing wait any more. */
  private void settle(State state) {
    switch (state) {
      case OPEN -> {}
      case DURABLE -> {
        result.tryComplete();
        withdraw();
      }
      case FAILED -> {
        result.tryFail(quorum.failure(silent()));
        withdraw();
      }
    }
  }

  private void withdraw() {
    List<Batch> waiting;
    synchronized (this) {
      waiting = open.stream().filter(batch -> batch.share != null).toList();
    }
    for (Batch batch : waiting) {
      Budget.Share share = batch.share;
      if (share != null && share.withdraw()) {
        close(batch);
      }
    }
  }

  private void close(Batch batch) {
    synchronized (this) {
      open.remove(batch);
      if (!open.isEmpty()) {
        return;
      }
    }
    if (quorum.state() == State.DURABLE) {
      long incomplete = quorum.incomplete();
      counters.underReplicated().add(incomplete);
      counters.replicated().add(quorum.chunks() - incomplete);
    }
  }

  private synchronized TreeSet<String> silent() {
    var members = new TreeSet<String>();
    open.forEach(batch -> members.add(batch.lane.id()));
    return members;
  }
}
