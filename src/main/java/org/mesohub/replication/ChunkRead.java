package org.mesohub.replication;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

/**
 * One chunk, asked of one member after the other: the next when one fails, and beside it when one
 * is slow. The first bytes with the right hash count.
 */
final class ChunkRead {
  /** Smaller chunks are hashed where they arrive: that takes less time than the way to a worker. */
  private static final int VERIFY_INLINE_BYTES_MAX = 32 << 10;

  /**
   * What a read found.
   *
   * @param from member that had it
   * @param failures what those asked before said
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(byte[] bytes, String from, Map<String, StoreException> failures) {}

  private final Vertx vertx;
  private final ChunkId id;
  private final List<Lane> order;
  private final boolean healing;
  private final long hedgeMs;
  private final ReplicationCounters counters;
  private final Promise<Found> found = Promise.promise();
  private final Map<String, StoreException> failures = new LinkedHashMap<>();
  private int next;

  /**
   * @param order members to ask, best first
   * @param healing whether the bytes are for a member whose own are corrupt
   */
  ChunkRead(
      Vertx vertx,
      ChunkId id,
      List<Lane> order,
      boolean healing,
      long hedgeMs,
      ReplicationCounters counters) {
    this.vertx = vertx;
    this.id = id;
    this.order = order;
    this.healing = healing;
    this.hedgeMs = hedgeMs;
    this.counters = counters;
  }

  Future<Found> start() {
    if (order.isEmpty()) {
      return Future.failedFuture(failure());
    }
    askNext();
    return found.future();
  }

  private void askNext() {
    Lane lane;
    synchronized (this) {
      if (next == order.size() || found.future().isComplete()) {
        return;
      }
      lane = order.get(next++);
    }
    long timer = vertx.setTimer(hedgeMs, late -> askNext());
    lane.reads()
        .take(
            ReplicationLimits.CHUNK_BYTES_MAX,
            share ->
                (found.future().isComplete()
                        ? Future.<byte[]>failedFuture("no longer wanted")
                        : Lane.attempt(() -> lane.replica().get(id, healing))
                            .compose(this::verified))
                    .onComplete(
                        done -> {
                          vertx.cancelTimer(timer);
                          share.release();
                          if (done.succeeded()) {
                            succeeded(done.result(), lane);
                          } else if (!found.future().isComplete()) {
                            failed(lane, Failures.of(done.cause()));
                          }
                        }));
  }

  private void succeeded(byte[] bytes, Lane lane) {
    Map<String, StoreException> before;
    synchronized (this) {
      before = Map.copyOf(failures);
    }
    found.tryComplete(new Found(bytes, lane.id(), before));
  }

  private void failed(Lane lane, StoreException why) {
    if (why.reason() != Reason.NOT_FOUND) {
      counters.failed(lane.id());
    }
    boolean last;
    synchronized (this) {
      failures.put(lane.id(), why);
      last = failures.size() == order.size();
    }
    if (last) {
      found.tryFail(failure());
    } else {
      askNext();
    }
  }

  private Future<byte[]> verified(byte[] bytes) {
    Future<Boolean> same =
        bytes.length <= VERIFY_INLINE_BYTES_MAX
            ? Future.succeededFuture(ChunkId.of(bytes).equals(id))
            : vertx.executeBlocking(() -> ChunkId.of(bytes).equals(id), false);
    return same.compose(
        is ->
            is
                ? Future.succeededFuture(bytes)
                : Future.failedFuture(
                    new StoreException(
                        Reason.CORRUPT, "chunk " + id + " arrived with other content", null)));
  }

  /** It is lost only when every member says so. */
  private synchronized StoreException failure() {
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    failures.values().forEach(failure -> reasons.add(failure.reason()));
    Reason reason =
        reasons.stream().allMatch(r -> r == Reason.NOT_FOUND)
            ? Reason.NOT_FOUND
            : reasons.stream().allMatch(r -> r == Reason.NOT_FOUND || r == Reason.CORRUPT)
                ? Reason.CORRUPT
                : Reason.UNAVAILABLE;
    var words = new StringBuilder();
    failures.forEach(
        (member, why) ->
            words
                .append(words.isEmpty() ? "" : "; ")
                .append(member)
                .append(": ")
                .append(why.getMessage()));
    @Nullable Throwable cause = failures.values().stream().findFirst().orElse(null);
    return new StoreException(
        reason, "no member could give chunk " + id + " (" + words + ")", cause);
  }
}
