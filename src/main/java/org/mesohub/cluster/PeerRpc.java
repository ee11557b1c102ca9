package org.mesohub.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;
import org.mesohub.cluster.RaftTransport.Kind;

/** Ratis' calls as messages of a {@link RaftTransport}, and back. */
final class PeerRpc implements RaftServerRpc {
  /** An append waits for the follower's disk. */
  static final Duration APPEND_TIMEOUT = Duration.ofMillis(1_000);

  /** A vote that comes later is of no use: the next round has begun. */
  static final Duration VOTE_TIMEOUT = Duration.ofMillis(300);

  /** The last piece of a snapshot is answered when the follower has written and read it. */
  private static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(20);

  /** Longest wait beyond the transport's own timeout, should that never come. */
  private static final long GRACE_MS = 1_000;

  private final RpcType type;
  private final RaftServer server;
  private final RaftTransport transport;

  PeerRpc(RpcType type, RaftServer server, RaftTransport transport) {
    this.type = type;
    this.server = server;
    this.transport = transport;
  }

  @Override
  public RpcType getRpcType() {
    return type;
  }

  @Override
  public void start() {
    transport.open(this::receive);
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Ratis wants an address to print; nothing listens on it. */
  @Override
  public InetSocketAddress getInetSocketAddress() {
    return InetSocketAddress.createUnresolved("localhost", 0);
  }

  /** Peers are found by their ids. */
  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {}

  /** The transport mends its connections by itself. */
  @Override
  public void handleException(RaftPeerId peer, Exception e, boolean reconnect) {}

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return ask(
        request.getServerRequest(),
        Kind.VOTE,
        request.getCandidateTerm(),
        request.toByteArray(),
        VOTE_TIMEOUT,
        RequestVoteReplyProto.parser());
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return await(appendAsync(request), APPEND_TIMEOUT);
  }

  /** An append, or a heartbeat when it has no entries. */
  CompletableFuture<AppendEntriesReplyProto> appendAsync(AppendEntriesRequestProto request) {
    boolean heartbeat = request.getEntriesCount() == 0;
    return transport
        .send(
            peer(request.getServerRequest()),
            heartbeat ? Kind.HEARTBEAT : Kind.APPEND,
            request.getLeaderTerm(),
            request.toByteArray(),
            heartbeat ? VOTE_TIMEOUT : APPEND_TIMEOUT)
        .thenApply(bytes -> parsed(bytes, AppendEntriesReplyProto.parser()));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return ask(
        request.getServerRequest(),
        Kind.SNAPSHOT,
        request.getLeaderTerm(),
        request.toByteArray(),
        SNAPSHOT_TIMEOUT,
        InstallSnapshotReplyProto.parser());
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return ask(
        request.getServerRequest(),
        Kind.ELECTION,
        request.getLeaderLastEntry().getTerm(),
        request.toByteArray(),
        VOTE_TIMEOUT,
        StartLeaderElectionReplyProto.parser());
  }

  private <T> T ask(
      RaftRpcRequestProto to,
      Kind kind,
      long term,
      byte[] request,
      Duration timeout,
      Parser<T> parser)
      throws IOException {
    return parsed(await(transport.send(peer(to), kind, term, request, timeout), timeout), parser);
  }

  private static String peer(RaftRpcRequestProto request) {
    return request.getReplyId().toStringUtf8();
  }

  private static <T> T await(CompletableFuture<T> answer, Duration timeout) throws IOException {
    try {
      return answer.get(timeout.toMillis() + GRACE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? io
          : new IOException("a message of the log failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("a message of the log was never answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var interrupted = new InterruptedIOException("interrupted while waiting for another node");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static <T> T parsed(byte[] bytes, Parser<T> parser) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message of the log cannot be read", e);
    }
  }

  /** What another node asks. */
  private CompletableFuture<byte[]> receive(String sender, Kind kind, byte[] request) {
    try {
      return switch (kind) {
        case VOTE ->
            done(
                server
                    .requestVote(parsed(request, RequestVoteRequestProto.parser()))
                    .toByteArray());
        case HEARTBEAT, APPEND ->
            server
                .appendEntriesAsync(parsed(request, AppendEntriesRequestProto.parser()))
                .thenApply(AppendEntriesReplyProto::toByteArray);
        case SNAPSHOT ->
            done(
                server
                    .installSnapshot(parsed(request, InstallSnapshotRequestProto.parser()))
                    .toByteArray());
        case ELECTION ->
            done(
                server
                    .startLeaderElection(parsed(request, StartLeaderElectionRequestProto.parser()))
                    .toByteArray());
      };
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletableFuture<byte[]> done(byte[] answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
