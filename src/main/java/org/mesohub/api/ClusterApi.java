package org.mesohub.api;

import io.vertx.core.Future;
import java.util.List;
import org.mesohub.placement.Member;

/**
 * The cluster as one of its nodes sees it. Threading and failures are those of {@link NodeApi}; no
 * call waits for other nodes but those that change something.
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

  /**
   * Makes a node a member, or gives one other addresses; called at the leader, and again until it
   * is done. Fails as INVALID when it would not do.
   */
  Future<Change> addNode(Member node);

  /**
   * Takes a member out when its chunks are on others; called at the leader, and again until it is
   * done. Fails as NOT_FOUND when there is none, as INVALID when it must stay.
   *
   * @param force at once, whatever becomes of chunks that only it has
   */
  Future<Change> removeNode(String nodeId, boolean force);

  /**
   * How far a change of the members is.
   *
   * @param text what is so, or what is waited for
   */
  record Change(boolean done, String text) {}

  /** Number for what is not known. */
  long UNKNOWN = -1;

  /** Most {@link ClusterStatus#leaders} that are told. */
  int LEADERS_MAX = 32;

  /**
   * A cluster.
   *
   * @param nodeId the node that answers
   * @param leaderId empty when it knows none
   * @param members in the order in which they came
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
   * @param voter whether it votes
   * @param leaving whether it is to be taken out
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
      long uptimeSeconds,
      boolean voter,
      boolean leaving) {}

  /**
   * A term and who led in it.
   *
   * @param sinceMicros when the node that answers noticed, by its clock
   */
  record Reign(long term, String nodeId, long sinceMicros) {}
}
