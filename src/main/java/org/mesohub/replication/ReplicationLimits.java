package org.mesohub.replication;

import java.util.Collection;

/**
 * How chunks are replicated, and how long and how much is waited for.
 *
 * @param factor replicas of a chunk; all members when they are fewer
 * @param callMs deadline of one call to another member, and of its way there
 * @param putMs deadline of a whole put, waiting for its turn included
 * @param connectMs longest wait for a connection
 * @param catalogueMs how long a member waits for its catalogue to know what a sender knows
 * @param hedgeMs a read that has no answer by then asks the next member as well
 * @param inFlightBytes bytes of puts under way to one member; a put that reached its quorum leaves
 *     the rest of its copies to repair when they do not fit
 */
public record ReplicationLimits(
    int factor,
    long callMs,
    long putMs,
    int connectMs,
    long catalogueMs,
    long hedgeMs,
    long inFlightBytes) {
  /** Bytes of chunks in one message. */
  static final int BATCH_BYTES_MAX = 4 << 20;

  /** Chunks in one message. */
  static final int BATCH_COUNT_MAX = 1_000;

  /** Largest chunk. */
  static final int CHUNK_BYTES_MAX = 2 << 20;

  /** A batch with its ids, or a page of the longest list of ids. */
  public static final int MESSAGE_BYTES_MAX = 5 << 20;

  /** Ids of one listing or question. */
  static final int IDS_MAX = 100_000;

  /** What fits loopback and a campus network; four batches under way to each member. */
  public static final ReplicationLimits USUAL =
      new ReplicationLimits(3, 10_000, 15_000, 1_000, 5_000, 500, 16 << 20);

  public ReplicationLimits {
    if (factor < 1 || callMs < 1 || putMs < callMs || connectMs < 1 || catalogueMs < 0) {
      throw new IllegalArgumentException(
          "replicas and times must be positive, and a put lasts at least a call: %d, %d, %d, %d, %d"
              .formatted(factor, callMs, putMs, connectMs, catalogueMs));
    }
    if (hedgeMs < 1 || inFlightBytes < BATCH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a batch of %d bytes must fit what may be under way, got %d (hedge after %d ms)"
              .formatted(BATCH_BYTES_MAX, inFlightBytes, hedgeMs));
    }
  }

  /** Replicas that must be durable before a put succeeds: a majority of those wanted. */
  public int quorum(Collection<?> members) {
    return Math.min(factor, members.size()) / 2 + 1;
  }
}
