package org.mesohub.bus;

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

/**
 * Ratis' way to the other voters: their endpoints on the event bus. Its {@link Parameters} hold the
 * node's {@link BusEndpoint} under the name of that class.
 */
public final class EventBusRpcType implements RpcType {
  @Override
  public String name() {
    return EventBusRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    BusEndpoint endpoint = parameters.get(BusEndpoint.class.getName(), BusEndpoint.class);
    if (endpoint == null) {
      throw new IllegalStateException("the parameters hold no endpoint of the bus");
    }
    return new Factory(this, endpoint);
  }

  private record Factory(RpcType type, BusEndpoint endpoint)
      implements ServerFactory, ClientFactory {
    @Override
    public RpcType getRpcType() {
      return type;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new EventBusRpc(type, server, endpoint);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return new SteadyAppender(server, state, follower);
    }

    @Override
    public RaftClientRpc newRaftClientRpc(ClientId clientId, RaftProperties properties) {
      throw new UnsupportedOperationException("entries are submitted at the leader's own server");
    }
  }
}
