package org.mesohub.cluster;

import org.apache.ratis.client.ClientFactory;
import org.apache.ratis.client.RaftClientRpc;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Raft RPC of a node with others, over the {@link RaftTransport} among Ratis' parameters. */
public final class PeerRpcType implements RpcType {
  @Override
  public String name() {
    return PeerRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    RaftTransport transport = parameters.get(RaftTransport.class.getName(), RaftTransport.class);
    if (transport == null) {
      throw new IllegalArgumentException("the parameters hold no transport for the log's messages");
    }
    return new Factory(this, transport);
  }

  private record Factory(RpcType type, RaftTransport transport)
      implements ServerFactory, ClientFactory {
    @Override
    public RpcType getRpcType() {
      return type;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new PeerRpc(type, server, transport);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return new PacedAppender(server, state, follower);
    }

    @Override
    public RaftClientRpc newRaftClientRpc(ClientId clientId, RaftProperties properties) {
      throw new UnsupportedOperationException("clients of the log are on its node");
    }
  }
}
