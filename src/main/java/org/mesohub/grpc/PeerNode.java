package org.mesohub.grpc;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.store.RejectStore.Rejected;

/** A node as the others of its cluster ask it. Every future completes. */
public interface PeerNode {
  /** What it is and holds. */
  Future<Info> info();

  /**
   * Whether no reader there, now or later, sees a state of the catalogue from before an epoch of
   * its runs.
   */
  Future<Boolean> clearBefore(long runsEpoch);

  /** Rejected rows that it keeps: see {@link org.mesohub.store.RejectStore#find}. */
  Future<List<Rejected>> rejects(@Nullable String putId, int limit);

  /**
   * A node in numbers.
   *
   * @param role LEADER, FOLLOWER, CANDIDATE or LISTENER
   * @param leaderId the leader it knows; empty for none
   * @param freeBytes what may still be stored there
   * @param timeMicros its wall clock
   * @param featureLevel most that its release can read in the catalogue
   */
  record Info(
      String nodeId,
      String clusterId,
      String role,
      long term,
      String leaderId,
      long commitIndex,
      long appliedIndex,
      long chunks,
      long chunkBytes,
      long freeBytes,
      long capacityBytes,
      String version,
      long uptimeSeconds,
      long timeMicros,
      int featureLevel) {}
}
