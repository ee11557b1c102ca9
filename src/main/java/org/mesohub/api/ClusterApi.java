package org.mesohub.api;

import io.vertx.core.Future;
import java.util.List;

/**
 * The cluster as one of its nodes sees it. Threading and failures are those of {@link NodeApi}; no
 * call waits for other nodes but {@link #transferLeadership}.
 */
public interface ClusterApi {
  /** What this node knows now; it asks nobody. */
  Future<ClusterStatus> clusterStatus();

  /**
   * Makes another node lead; called at the leader. Fails as UNAVAILABLE when that did not happen in
   * time or this node does not lead, as INVALID when there is no such voter.
   *
   * @param nodeId empty: whichever voter has the newest log
   */
  Future<Reign> transferLeadership(String nodeId);

  /** Number for what is not known. */
  long UNKNOWN = -1;

  /** Most {@link ClusterStatus#leaders} that are told. */
  int LEADERS_MAX = 32;

  /**
   * A cluster.
   *
   * @param nodeId the node that answers
   * @param leaderId empty when it knows none
   * @param members in the order of the configuration
   * @param leaders terms with a leader that this node has seen, latest first
   * @param underReplicatedChunks chunks with fewer copies than are wanted; {@link #UNKNOWN}
   */
  record ClusterStatus(
      String clusterId,
      String nodeId,
      long term,
      String leaderId,
      long commitIndex,
      long appliedIndex,
      List<MemberStatus> members,
      List<Reign> leaders,
      long underReplicatedChunks) {
    public ClusterStatus {
      members = List.copyOf(members);
      leaders = List.copyOf(leaders);
    }
  }

  /**
   * A member, as the node that answers knows it. Numbers are {@link #UNKNOWN} and texts empty where
   * it does not.
   *
   * @param publicAddress host:port for clients
   * @param role LEADER, FOLLOWER, CANDIDATE or LISTENER
   * @param reachable whether it was heard from lately
   * @param lag entries of the log that it is behind
   * @param lastContactMillis since it was heard from; 0 of the node itself
   * @param freeBytes what may still be stored there
   * @param contact whether clients can reach it
   */
  record MemberStatus(
      String id,
      int number,
      String publicAddress,
      String role,
      boolean reachable,
      long appliedIndex,
      long lag,
      long lastContactMillis,
      long chunks,
      long chunkBytes,
      long freeBytes,
      long capacityBytes,
      String version,
      boolean contact,
      long uptimeSeconds) {}

  /**
   * A term and who led in it.
   *
   * @param sinceMicros when the node that answers noticed, by its clock
   */
  record Reign(long term, String nodeId, long sinceMicros) {}
}
