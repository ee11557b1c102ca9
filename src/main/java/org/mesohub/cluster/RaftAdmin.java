package org.mesohub.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
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

  private static RaftPeer listener(Voter node) {
    return RaftPeer.newBuilder(peer(node)).setStartupRole(RaftPeerRole.LISTENER).build();
  }

  /** Takes a node in that gets every entry but does not vote; it shall be running, and empty. */
  public CompletableFuture<Void> addListener(Voter node) {
    List<RaftPeer> listeners = without(members(RaftPeerRole.LISTENER), node.id());
    listeners.add(listener(node));
    return change(members(RaftPeerRole.FOLLOWER), listeners);
  }

  /** Makes a listener a voter. */
  public CompletableFuture<Void> promote(Voter node) {
    List<RaftPeer> voters = without(members(RaftPeerRole.FOLLOWER), node.id());
    voters.add(peer(node));
    return change(voters, without(members(RaftPeerRole.LISTENER), node.id()));
  }

  /** Makes a node a voter as soon as it has caught up; it shall be running, and nobody's voter. */
  public CompletableFuture<Void> add(Voter node) {
    List<RaftPeer> voters = without(members(RaftPeerRole.FOLLOWER), node.id());
    voters.add(peer(node));
    return change(voters, members(RaftPeerRole.LISTENER));
  }

  /**
   * Takes a node out, a voter or a listener; it must not come back under that id with the log it
   * has now.
   */
  public CompletableFuture<Void> remove(String nodeId) {
    return change(
        without(members(RaftPeerRole.FOLLOWER), nodeId),
        without(members(RaftPeerRole.LISTENER), nodeId));
  }

  /** Whether a node votes, or does so until a change of members that is under way is done. */
  public boolean hasVoter(String nodeId) {
    return members(RaftPeerRole.FOLLOWER).stream()
        .anyMatch(peer -> peer.getId().toString().equals(nodeId));
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

  private static List<RaftPeer> without(List<RaftPeer> peers, String nodeId) {
    return new ArrayList<>(
        peers.stream().filter(peer -> !peer.getId().toString().equals(nodeId)).toList());
  }

  private CompletableFuture<Void> change(List<RaftPeer> voters, List<RaftPeer> listeners) {
    try {
      return settled(
          server.setConfigurationAsync(
              new SetConfigurationRequest(
                  clientId,
                  server.getId(),
                  group(),
                  callIds.incrementAndGet(),
                  SetConfigurationRequest.Arguments.newBuilder()
                      .setServersInNewConf(voters)
                      .setListenersInNewConf(listeners)
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
    Optional<RaftPeerId> successor = successor();
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
        nodeId.isEmpty() ? successor() : Optional.of(RaftPeerId.valueOf(nodeId));
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
  private Optional<RaftPeerId> successor() {
    List<RaftPeer> voters = members(RaftPeerRole.FOLLOWER);
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
