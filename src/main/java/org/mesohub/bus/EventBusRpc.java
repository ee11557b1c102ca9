package org.mesohub.bus;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/** Ratis' questions to other voters, and the answers of this one, over an endpoint of the bus. */
final class EventBusRpc implements RaftServerRpc {
  /** The request tells the term of the last entry only, which may be an older one. */
  private static final long NO_TERM = 0;

  private final RpcType type;
  private final RaftServer server;
  private final BusEndpoint endpoint;

  EventBusRpc(RpcType type, RaftServer server, BusEndpoint endpoint) {
    this.type = type;
    this.server = server;
    this.endpoint = endpoint;
  }

  @Override
  public RpcType getRpcType() {
    return type;
  }

  @Override
  public void start() {
    endpoint.serve(this::handle);
  }

  @Override
  public void close() {
    endpoint.serve(null);
  }

  /** Ratis wants an address to print; peers find this node by its name on the bus. */
  @Override
  public InetSocketAddress getInetSocketAddress() {
    return InetSocketAddress.createUnresolved("bus", 0);
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    peers.forEach(peer -> endpoint.meet(peer.getId().toString()));
  }

  /** The bus connects again by itself. */
  @Override
  public void handleException(RaftPeerId peer, Exception e, boolean reconnect) {}

  private CompletionStage<byte[]> handle(Kind kind, byte[] message) {
    try {
      return switch (kind) {
        case VOTE -> done(server.requestVote(RequestVoteRequestProto.parseFrom(message)));
        case START_ELECTION ->
            done(server.startLeaderElection(StartLeaderElectionRequestProto.parseFrom(message)));
        case HEARTBEAT, APPEND ->
            ((RaftServerAsynchronousProtocol) server)
                .appendEntriesAsync(AppendEntriesRequestProto.parseFrom(message))
                .thenApply(MessageLite::toByteArray);
        case SNAPSHOT ->
            done(server.installSnapshot(InstallSnapshotRequestProto.parseFrom(message)));
        case PING, REPLY, GREETING, TERM, SUSPICION ->
            throw new IllegalArgumentException("a frame of kind " + kind);
      };
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletionStage<byte[]> done(MessageLite answer) {
    return CompletableFuture.completedFuture(answer.toByteArray());
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return counted(
        await(
            ask(
                Kind.VOTE,
                request.getServerRequest(),
                request.getCandidateTerm(),
                request,
                RequestVoteReplyProto.parser())));
  }

  /**
   * Has Ratis count the vote of a voter whose log is empty. It would not, for a voter may have lost
   * its log; here such a one does not vote before it is taken in anew (incarnations). One that the
   * first leader did not reach before it died has an empty log as well, and is needed: without its
   * vote nobody could be elected until that leader is back. Ratis takes an answer that leaves the
   * last entry out as one of a release before this check.
   */
  private static RequestVoteReplyProto counted(RequestVoteReplyProto vote) {
    return vote.getLastEntry().getTerm() > 0 ? vote : vote.toBuilder().clearLastEntry().build();
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return await(
        ask(
            Kind.START_ELECTION,
            request.getServerRequest(),
            NO_TERM,
            request,
            StartLeaderElectionReplyProto.parser()));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return await(appendEntriesAsync(request));
  }

  CompletableFuture<AppendEntriesReplyProto> appendEntriesAsync(AppendEntriesRequestProto request) {
    return ask(
        request.getEntriesCount() == 0 ? Kind.HEARTBEAT : Kind.APPEND,
        request.getServerRequest(),
        request.getLeaderTerm(),
        request,
        AppendEntriesReplyProto.parser());
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return await(installSnapshotAsync(request));
  }

  CompletableFuture<InstallSnapshotReplyProto> installSnapshotAsync(
      InstallSnapshotRequestProto request) {
    return ask(
        Kind.SNAPSHOT,
        request.getServerRequest(),
        request.getLeaderTerm(),
        request,
        InstallSnapshotReplyProto.parser());
  }

  private <T> CompletableFuture<T> ask(
      Kind kind, RaftRpcRequestProto header, long term, MessageLite request, Parser<T> parser) {
    String peer = RaftPeerId.valueOf(header.getReplyId()).toString();
    return endpoint
        .ask(peer, kind, term, request.toByteArray())
        .thenApply(
            answer -> {
              try {
                return parser.parseFrom(answer);
              } catch (InvalidProtocolBufferException e) {
                throw new CompletionException(e);
              }
            });
  }

  private static <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a voter");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
    }
  }
}
