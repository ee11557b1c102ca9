package org.mesohub.cluster;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcType;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Membership;

/**
 * What one node's replicated log is made of.
 *
 * @param nodeId this node among the voters
 * @param clusterId name of the cluster; the Raft group id follows from it
 * @param voters all voters at first, this node included; from configuration, never from discovery
 * @param folder data folder of the node; the log lives in its sub-folder {@code raft}
 * @param submitTimeout from submit to answer, see {@link #SUBMIT_TIMEOUT}
 * @param rpc how voters reach each other
 */
public record RaftConfig(
    String nodeId,
    String clusterId,
    List<Voter> voters,
    Path folder,
    Duration submitTimeout,
    Election election,
    Snapshots snapshots,
    Queue queue,
    Rpc rpc) {

  /** How long a submitted entry may take before its caller is told that the outcome is unknown. */
  public static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(10);

  /** Format of the log folder: identity file, batch frames and snapshots together. */
  static final int FOLDER_FORMAT = 1;

  /**
   * A node that votes.
   *
   * @param contact one that is none leads only while no other can
   */
  public record Voter(String id, boolean contact) {
    int priority() {
      return contact ? 1 : 0;
    }
  }

  /**
   * How voters reach each other.
   *
   * @param type a class with a public constructor without arguments
   * @param parameters what it needs
   * @param peers the others; null for a node alone
   */
  public record Rpc(Class<? extends RpcType> type, Parameters parameters, @Nullable Peers peers) {
    static final Rpc NONE = new Rpc(LocalRpcType.class, new Parameters(), null);
  }

  /**
   * The other nodes.
   *
   * @param calls what they ask each other beside the log
   * @param membership who they are, which may change
   */
  public record Peers(PeerCalls calls, Membership membership) {}

  /**
   * Election timeouts of a group with several voters.
   *
   * @param timeoutMin a follower hears nothing for at least this long before it stands for election
   */
  public record Election(Duration timeoutMin, Duration timeoutMax) {
    public static final Election DEFAULT =
        new Election(Duration.ofMillis(200), Duration.ofMillis(400));

    public Election {
      if (timeoutMin.isNegative() || timeoutMin.isZero() || timeoutMax.compareTo(timeoutMin) < 0) {
        throw new IllegalArgumentException(
            "election timeouts must be positive and ascending, got %s to %s"
                .formatted(timeoutMin, timeoutMax));
      }
    }
  }

  /**
   * When the state is written to a snapshot; the log before it is then deleted.
   *
   * @param everyEntries Raft entries (batches) since the last snapshot
   * @param everyBytes bytes of batches since the last snapshot: bounds the log on disk and the
   *     replay at start
   * @param whenStopping also at a clean stop, so that the next start replays nothing
   */
  public record Snapshots(long everyEntries, long everyBytes, boolean whenStopping) {
    public static final Snapshots DEFAULT = new Snapshots(50_000, 64L << 20, true);

    public Snapshots {
      if (everyEntries < 1 || everyBytes < 1) {
        throw new IllegalArgumentException(
            "snapshot triggers must be at least 1, got %d entries and %d bytes"
                .formatted(everyEntries, everyBytes));
      }
    }
  }

  /**
   * Bound of what waits to be appended; beyond it submits fail as OVERLOADED.
   *
   * @param opsMax entries and barriers
   * @param bytesMax bytes of entries
   */
  public record Queue(int opsMax, long bytesMax) {
    public static final Queue DEFAULT = new Queue(16_384, 16L << 20);

    public Queue {
      if (opsMax < 1 || bytesMax < ReplicatedLog.ENTRY_BYTES_MAX) {
        throw new IllegalArgumentException(
            "the queue must hold at least one entry of %d bytes, got %d entries and %d bytes"
                .formatted(ReplicatedLog.ENTRY_BYTES_MAX, opsMax, bytesMax));
      }
    }
  }

  public RaftConfig {
    voters = List.copyOf(voters);
    if (nodeId.isBlank() || clusterId.isBlank()) {
      throw new IllegalArgumentException("node id and cluster id must not be empty");
    }
    List<String> ids = voters.stream().map(Voter::id).toList();
    if (ids.stream().distinct().count() != ids.size() || !ids.contains(nodeId)) {
      throw new IllegalArgumentException(
          "voters must be distinct and contain this node %s, got %s".formatted(nodeId, ids));
    }
    if (submitTimeout.isNegative() || submitTimeout.isZero()) {
      throw new IllegalArgumentException("submit timeout must be positive, got " + submitTimeout);
    }
    if (voters.size() > 1 && (rpc.type() == LocalRpcType.class || rpc.peers() == null)) {
      throw new IllegalArgumentException(
          "%d voters need an RPC type and calls that reach other nodes, got %s"
              .formatted(voters.size(), rpc.type().getName()));
    }
  }

  /** A group of this node alone, with default limits. */
  public static RaftConfig alone(String nodeId, String clusterId, Path folder) {
    return clustered(nodeId, clusterId, List.of(new Voter(nodeId, true)), folder, Rpc.NONE);
  }

  /** A group of several voters, with default limits. */
  public static RaftConfig clustered(
      String nodeId, String clusterId, List<Voter> voters, Path folder, Rpc rpc) {
    return new RaftConfig(
        nodeId,
        clusterId,
        voters,
        folder,
        SUBMIT_TIMEOUT,
        Election.DEFAULT,
        Snapshots.DEFAULT,
        Queue.DEFAULT,
        rpc);
  }

  public RaftConfig withSubmitTimeout(Duration timeout) {
    return new RaftConfig(
        nodeId, clusterId, voters, folder, timeout, election, snapshots, queue, rpc);
  }

  public RaftConfig withElection(Election patience) {
    return new RaftConfig(
        nodeId, clusterId, voters, folder, submitTimeout, patience, snapshots, queue, rpc);
  }

  public RaftConfig withSnapshots(Snapshots snapshots) {
    return new RaftConfig(
        nodeId, clusterId, voters, folder, submitTimeout, election, snapshots, queue, rpc);
  }

  public RaftConfig withQueue(Queue queue) {
    return new RaftConfig(
        nodeId, clusterId, voters, folder, submitTimeout, election, snapshots, queue, rpc);
  }

  /** Whether this node is and stays the only voter: nobody else to ask, nobody else to elect. */
  public boolean isAlone() {
    return rpc.peers() == null;
  }

  /** The Raft group's id: the same on every node that names the cluster alike. */
  public UUID groupId() {
    return UUID.nameUUIDFromBytes(
        ("mesohub cluster " + clusterId).getBytes(StandardCharsets.UTF_8));
  }

  /** Where the log, its identity and its snapshots are. */
  public Path raftFolder() {
    return folder.resolve("raft");
  }
}
