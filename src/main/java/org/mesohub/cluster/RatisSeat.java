package org.mesohub.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A voter's place in Ratis. The one way to an election at once is a leader's word that it hands its
 * office over; here it is said in the name of one that has ended.
 */
record RatisSeat(RaftServer server, RaftServer.Division division) implements Succession.Seat {
  private static final Logger LOG = LoggerFactory.getLogger(RatisSeat.class);

  private static final long STARTED_MILLIS = ManagementFactory.getRuntimeMXBean().getStartTime();

  /** Has leaders succeeded at once from now on; null for a node alone. */
  static @Nullable Succession succession(
      RaftConfig config, RaftServer server, RaftAdmin admin, RaftServer.Division division) {
    RaftConfig.Peers peers = config.rpc().peers();
    return peers == null
        ? null
        : new Succession(
            config.nodeId(),
            peers.calls(),
            admin::electorates,
            new RatisSeat(server, division),
            CompletableFuture::runAsync);
  }

  @Override
  public long term() {
    return division.getInfo().getCurrentTerm();
  }

  @Override
  public String leader() {
    RaftPeerId leader = division.getInfo().getLeaderId();
    return leader == null || division.getInfo().getCurrentRole() != RaftPeerRole.FOLLOWER
        ? ""
        : leader.toString();
  }

  @Override
  public Standing standing() {
    RaftPeer self = division.getRaftConf().getPeer(server.getId());
    TermIndex last = last();
    return new Standing(
        last == null ? 0 : last.getTerm(),
        last == null ? -1 : last.getIndex(),
        self == null ? 0 : self.getPriority(),
        STARTED_MILLIS,
        server.getId().toString());
  }

  private @Nullable TermIndex last() {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (last != null) {
      return last;
    }
    SnapshotInfo snapshot = division.getStateMachine().getLatestSnapshot();
    return snapshot == null ? null : snapshot.getTermIndex();
  }

  @Override
  public void stand(String leader) {
    TermIndex last = last();
    if (last == null) {
      return;
    }
    try {
      boolean stands =
          server
              .startLeaderElection(
                  StartLeaderElectionRequestProto.newBuilder()
                      .setServerRequest(
                          RaftRpcRequestProto.newBuilder()
                              .setRequestorId(RaftPeerId.valueOf(leader).toByteString())
                              .setReplyId(server.getId().toByteString())
                              .setRaftGroupId(
                                  RaftGroupIdProto.newBuilder()
                                      .setId(division.getGroup().getGroupId().toByteString())))
                      .setLeaderLastEntry(last.toProto())
                      .build())
              .getServerReply()
              .getSuccess();
      LOG.info(
          stands ? "node {} has ended: standing for election" : "no election at once after {}",
          leader);
    } catch (IOException e) {
      LOG.warn("no election at once after node {}", leader, e);
    }
  }
}
