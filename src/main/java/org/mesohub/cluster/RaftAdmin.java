package org.mesohub.cluster;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.mesohub.cluster.RaftConfig.Voter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of Ratis besides entries: snapshots, another leader, other members. A change of
 * members succeeds when the new members have caught up and the change is committed; one at a time,
 * and only at the leader. Threading: any.
 */
public final class RaftAdmin {
  private static final Logger LOG = LoggerFactory.getLogger(RaftAdmin.class);

  /** A requested snapshot that takes longer is only reported late, not cut off. */
  private static final long SNAPSHOT_TIMEOUT_MS = 60_000;

  /** A successor that is not elected by then is not waited for. */
  private static final long HAND_OVER_MS = 1_000;

  private final RaftServer server;
  private final RaftServer.Division division;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();

  RaftAdmin(RaftServer server, RaftServer.Division division) {
    this.server = server;
    this.division = division;
  }

  static RaftPeer peer(Voter voter) {
    return RaftPeer.newBuilder().setId(voter.id()).setPriority(voter.priority()).build();
  }

  /** Who votes and who listens. */
  private record Seats(List<RaftPeer> voters, List<RaftPeer> listeners) {
    private static List<RaftPeer> but(List<RaftPeer> peers, String nodeId) {
      return peers.stream().filter(peer -> !peer.getId().toString().equals(nodeId)).toList();
    }

    Seats without(String nodeId) {
      return new Seats(but(voters, nodeId), but(listeners, nodeId));
    }

    Seats withVoter(RaftPeer peer) {
      return new Seats(Stream.concat(voters.stream(), Stream.of(peer)).toList(), listeners);
    }
  }

  /** Makes a node a voter as soon as it has caught up; it shall be running, and nobody's voter. */
  public CompletableFuture<Void> add(Voter node) {
    return change(seats -> seats.without(node.id()).withVoter(peer(node)));
  }

  /** Takes a node out, a voter or a listener. */
  public CompletableFuture<Void> remove(String nodeId) {
    return change(seats -> seats.without(nodeId));
  }

  /** Whether a node votes, or does so until a change of members that is under way is done. */
  public boolean hasVoter(String nodeId) {
    return members(RaftPeerRole.FOLLOWER).stream()
        .anyMatch(peer -> peer.getId().toString().equals(nodeId));
  }

  /** Whether a node votes with another priority than one that clients can reach, or cannot, has. */
  public boolean hasOtherPriority(String nodeId, boolean contact) {
    return members(RaftPeerRole.FOLLOWER).stream()
        .anyMatch(
            peer ->
                peer.getId().toString().equals(nodeId)
                    && peer.getPriority() != new Voter(nodeId, contact).priority());
  }

  /**
   * Whether a majority of the voters without a node answer this leader.
   *
   * @param progress how they do
   * @param aliveMillis since when one may not have answered
   */
  public boolean staysAlive(String without, Progress progress, long aliveMillis) {
    Set<String> left = new HashSet<>(ids(members(RaftPeerRole.FOLLOWER)));
    left.remove(without);
    long alive =
        left.stream()
            .filter(
                id -> {
                  Progress.Follower follower = progress.followers().get(id);
                  // A new leader takes all for heard of; a match comes with an answer only.
                  return id.equals(server.getId().toString())
                      || (follower != null
                          && follower.matchIndex() >= 0
                          && follower.contactMillis() < aliveMillis);
                })
            .count();
    return 2 * alive > left.size();
  }

  /** What Ratis had to close the log of this node for. */
  static LogStop whyShutDown(RaftConfig config) {
    RaftConfig.Peers peers = config.rpc().peers();
    boolean leaving = peers != null && peers.membership().now().leaving().contains(config.nodeId());
    return leaving
        ? new LogStop(
            LogStop.Kind.OTHER,
            "this node was taken out of the cluster: stop it; to come back it is added again and"
                + " started")
        : new LogStop(
            LogStop.Kind.SHUT_DOWN, "the log shut itself down; look for the cause in the log file");
  }

  /** Whether the log here has, or had, any entry. */
  boolean hasEntries() {
    return division.getRaftLog().getNextIndex() > 0;
  }

  /** The voters; the ones before as well while a change is under way, when both must agree. */
  List<Set<String>> electorates() {
    RaftConfiguration voters = division.getRaftConf();
    Set<String> before = ids(voters.getPreviousPeers());
    Set<String> now = ids(voters.getCurrentPeers());
    return before.isEmpty() ? List.of(now) : List.of(now, before);
  }

  private static Set<String> ids(Collection<RaftPeer> peers) {
    return peers.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
  }

  private List<RaftPeer> members(RaftPeerRole role) {
    return List.copyOf(division.getRaftConf().getAllPeers(role));
  }

  /** Only from what both sides of a change that is under way would agree on. */
  private CompletableFuture<Void> change(UnaryOperator<Seats> to) {
    RaftConfiguration conf = division.getRaftConf();
    if (!conf.getPreviousPeers().isEmpty()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("another change of voters is under way"));
    }
    Seats from =
        new Seats(
            List.copyOf(conf.getAllPeers(RaftPeerRole.FOLLOWER)),
            List.copyOf(conf.getAllPeers(RaftPeerRole.LISTENER)));
    Seats next = to.apply(from);
    try {
      return settled(
          server.setConfigurationAsync(
              new SetConfigurationRequest(
                  clientId,
                  server.getId(),
                  group(),
                  callIds.incrementAndGet(),
                  SetConfigurationRequest.Arguments.newBuilder()
                      .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                      .setServersInCurrentConf(from.voters)
                      .setListenersInCurrentConf(from.listeners)
                      .setServersInNewConf(next.voters)
                      .setListenersInNewConf(next.listeners)
                      .build())));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Gives the leadership to the contact member that is furthest, if this node has it; completes
   * within about a second, whether that worked or not. Blocks nothing.
   */
  public CompletableFuture<Void> handOver() {
    return handOver(Set.of());
  }

  /** Whether there is a node to hand the leadership over to, beside some. */
  public boolean hasSuccessor(Set<String> but) {
    return successor(but).isPresent();
  }

  /**
   * The same to none of some nodes.
   *
   * @param but ids of these
   */
  public CompletableFuture<Void> handOver(Set<String> but) {
    Optional<RaftPeerId> successor = successor(but);
    if (successor.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return transfer(successor.get())
        .handle(
            (ok, failure) -> {
              if (failure == null) {
                LOG.info("handed the leadership over to node {}", successor.get());
              } else {
                LOG.warn("node {} did not take the leadership", successor.get(), failure);
              }
              return null;
            });
  }

  /**
   * Makes another voter lead, one of the highest priority; empty: the one that is furthest. Fails
   * when this node does not lead, or nobody took over in about a second.
   */
  public CompletableFuture<Void> transfer(String nodeId) {
    Optional<RaftPeerId> to =
        nodeId.isEmpty() ? successor(Set.of()) : Optional.of(RaftPeerId.valueOf(nodeId));
    return to.map(this::transfer)
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new IllegalStateException("no other voter answers this node as its leader")));
  }

  private CompletableFuture<Void> transfer(RaftPeerId to) {
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            clientId, server.getId(), group(), callIds.incrementAndGet(), to, HAND_OVER_MS);
    CompletableFuture<Void> done;
    try {
      done = settled(server.transferLeadershipAsync(request));
    } catch (IOException e) {
      done = CompletableFuture.failedFuture(e);
    }
    return done.orTimeout(2 * HAND_OVER_MS, TimeUnit.MILLISECONDS);
  }

  /** The contact member that is furthest among those that answer; only the leader knows one. */
  private Optional<RaftPeerId> successor(Set<String> but) {
    List<RaftPeer> voters =
        members(RaftPeerRole.FOLLOWER).stream()
            .filter(peer -> !but.contains(peer.getId().toString()))
            .toList();
    int highest = voters.stream().mapToInt(RaftPeer::getPriority).max().orElse(0);
    Set<String> contacts =
        voters.stream()
            .filter(peer -> peer.getPriority() == highest)
            .map(peer -> peer.getId().toString())
            .collect(Collectors.toSet());
    return Progress.of(division).followers().entrySet().stream()
        .filter(follower -> contacts.contains(follower.getKey()))
        .filter(follower -> follower.getValue().contactMillis() < HAND_OVER_MS)
        .max(Comparator.comparingLong(follower -> follower.getValue().matchIndex()))
        .map(follower -> RaftPeerId.valueOf(follower.getKey()));
  }

  void snapshot() {
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            clientId, server.getId(), group(), callIds.incrementAndGet(), SNAPSHOT_TIMEOUT_MS, 1);
    try {
      settled(server.snapshotManagementAsync(request))
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  LOG.warn("snapshot of the log not taken in time", failure);
                }
              });
    } catch (RuntimeException e) {
      LOG.warn("snapshot of the log not taken", e);
    }
  }

  private RaftGroupId group() {
    return division.getGroup().getGroupId();
  }

  private static CompletableFuture<Void> settled(CompletableFuture<RaftClientReply> reply) {
    return reply.thenCompose(
        answer ->
            answer.isSuccess()
                ? CompletableFuture.<Void>completedFuture(null)
                : CompletableFuture.<Void>failedFuture(answer.getException()));
  }
}
