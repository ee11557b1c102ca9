package org.mesohub.cluster;

import io.vertx.core.Future;

/**
 * The replicated log as its users see it. Threading: callable from any thread; futures complete on
 * the caller's Vert.x context when it has one, and every one of them completes, with failure after
 * its deadline at the latest.
 */
public interface ReplicatedLog {
  /** Largest entry, in bytes. */
  int ENTRY_BYTES_MAX = 1 << 20;

  /**
   * Appends an entry, waits until a quorum has it durably and this node has applied it, and gives
   * what {@link LogStateMachine#apply} returned. Concurrent entries are group-committed. Fails with
   * {@link LogException}: NOT_LEADER (not appended), OVERLOADED (not appended), INDETERMINATE (may
   * or may not be applied, now or later), CLOSED.
   */
  Future<byte[]> submit(byte[] entry);

  /**
   * Succeeds when this node's state includes everything acknowledged before the call, anywhere: a
   * barrier entry through the log, shared by all that wait. In a group of one voter the applied
   * state already is that.
   */
  Future<Void> barrier();

  /** Role, term and indices as of now. */
  LogStatus status();

  /**
   * What a node knows of the log.
   *
   * @param leaderId node id of the leader, empty when unknown
   */
  record LogStatus(
      String nodeId,
      String leaderId,
      String role,
      long term,
      long commitIndex,
      long appliedIndex,
      java.util.List<String> voters) {
    public boolean isLeader() {
      return nodeId.equals(leaderId);
    }
  }
}
