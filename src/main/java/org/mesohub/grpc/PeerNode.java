package org.mesohub.grpc;

import io.vertx.core.Future;

/** A node as the others of its cluster ask it. Every future completes. */
public interface PeerNode {
  /** What it is and holds. */
  Future<Info> info();

  /**
   * Whether no reader there, now or later, sees a state of the catalogue from before an epoch of
   * its runs.
   */
  Future<Boolean> clearBefore(long runsEpoch);

  /**
   * A node in numbers.
   *
   * @param role LEADER, FOLLOWER, CANDIDATE or LISTENER
   * @param leaderId the leader it knows; empty for none
   * @param freeBytes what may still be stored there
   * @param timeMicros its wall clock
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
      long timeMicros) {}
}
