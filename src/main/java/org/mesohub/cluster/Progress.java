package org.mesohub.cluster;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.server.RaftServer;

/**
 * How far the members of the log are, as one of them knows it.
 *
 * @param followers at the leader: every other member by node id; elsewhere empty
 * @param leaderContactMillis at a follower: since it last heard of the leader; elsewhere empty
 */
public record Progress(Map<String, Follower> followers, OptionalLong leaderContactMillis) {
  /**
   * A follower as the leader sees it.
   *
   * @param matchIndex last entry that it is known to have durably; -1 when none is known
   * @param lag entries of the leader's log that it is not known to have
   * @param contactMillis since it last answered
   */
  public record Follower(long matchIndex, long lag, long contactMillis) {}

  static Progress of(RaftServer.Division division) {
    RoleInfoProto role = division.getInfo().getRoleInfoProto();
    if (role.hasFollowerInfo()) {
      return new Progress(
          Map.of(),
          role.getFollowerInfo().getLeaderInfo().hasId()
              ? OptionalLong.of(role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs())
              : OptionalLong.empty());
    }
    Map<String, Follower> followers = new TreeMap<>();
    long[] matches = division.getInfo().getFollowerMatchIndices();
    List<ServerRpcProto> members = role.getLeaderInfo().getFollowerInfoList();
    if (matches != null && matches.length == members.size()) { // else they just changed
      long last = division.getRaftLog().getNextIndex() - 1;
      for (int i = 0; i < matches.length; i++) {
        followers.put(
            members.get(i).getId().getId().toStringUtf8(),
            new Follower(
                matches[i],
                Math.max(0, last - matches[i]),
                members.get(i).getLastRpcElapsedTimeMs()));
      }
    }
    return new Progress(followers, OptionalLong.empty());
  }
}
