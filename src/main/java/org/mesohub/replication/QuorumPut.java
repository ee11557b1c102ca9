package org.mesohub.replication;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.StoreException;
import org.mesohub.store.StoreException.Reason;

/**
 * One put under way: which of its chunks are durable where.
 *
 * <pre>
 *   open ── every chunk has its quorum ──────────► durable
 *     └──── some chunk can no longer reach it ───► failed
 * </pre>
 *
 * Answers that come later are still counted. Thread-safe.
 */
final class QuorumPut {
  /** How far it is. */
  enum State {
    OPEN,
    DURABLE,
    FAILED
  }

  /** Answers about one chunk. */
  private static final class Tally {
    private final int replicas;
    private int durable;
    private int failed;

    private Tally(int replicas) {
      this.replicas = replicas;
    }
  }

  private final int quorum;
  private final Map<ChunkId, Tally> tallies = new HashMap<>();
  private final Map<String, StoreException> failures = new LinkedHashMap<>();
  private int lacking;
  private State state;

  /**
   * @param quorum replicas of a chunk that must be durable
   * @param replicas members that each chunk is sent to, at least {@code quorum}
   */
  QuorumPut(int quorum, Map<ChunkId, Integer> replicas) {
    this.quorum = quorum;
    replicas.forEach((id, count) -> tallies.put(id, new Tally(count)));
    this.lacking = tallies.size();
    this.state = lacking == 0 ? State.DURABLE : State.OPEN;
  }

  synchronized State state() {
    return state;
  }

  /** A member has some of the chunks. */
  synchronized State durable(Collection<ChunkId> ids) {
    for (ChunkId id : ids) {
      Tally tally = tally(id);
      tally.durable++;
      if (tally.durable == quorum) {
        lacking--;
      }
    }
    if (state == State.OPEN && lacking == 0) {
      state = State.DURABLE;
    }
    return state;
  }

  /** A member did not take some of the chunks. */
  synchronized State failed(String member, Collection<ChunkId> ids, StoreException why) {
    failures.put(member, why);
    for (ChunkId id : ids) {
      Tally tally = tally(id);
      tally.failed++;
      if (state == State.OPEN && tally.replicas - tally.failed < quorum) {
        state = State.FAILED;
      }
    }
    return state;
  }

  /** Nobody waits for the rest; the put fails if it is open. */
  synchronized State overdue() {
    if (state == State.OPEN) {
      state = State.FAILED;
    }
    return state;
  }

  /** Chunks that some of their members have not taken; all others have been by all. */
  synchronized long incomplete() {
    return tallies.values().stream().filter(tally -> tally.durable < tally.replicas).count();
  }

  synchronized long chunks() {
    return tallies.size();
  }

  /**
   * Why it failed: no space, when that is what every failure was.
   *
   * @param silent members whose answers were still open, with or without those that failed
   */
  synchronized StoreException failure(Collection<String> silent) {
    var words = new StringBuilder();
    failures.forEach((member, why) -> add(words, member, why.getMessage()));
    List<String> open = silent.stream().filter(member -> !failures.containsKey(member)).toList();
    open.forEach(member -> add(words, member, "no answer yet"));
    boolean full =
        !failures.isEmpty() && failures.values().stream().allMatch(f -> f.reason() == Reason.FULL);
    @Nullable Throwable cause = failures.values().stream().findFirst().orElse(null);
    return new StoreException(
        full ? Reason.FULL : Reason.UNAVAILABLE,
        "chunks must be durable on %d members and are not (%s). Check these members, then try again."
            .formatted(quorum, words),
        cause);
  }

  private static void add(StringBuilder words, String member, @Nullable String why) {
    words.append(words.isEmpty() ? "" : "; ").append(member).append(": ").append(why);
  }

  private Tally tally(ChunkId id) {
    Tally tally = tallies.get(id);
    if (tally == null) {
      throw new IllegalArgumentException("chunk " + id + " is not part of this put");
    }
    return tally;
  }
}
