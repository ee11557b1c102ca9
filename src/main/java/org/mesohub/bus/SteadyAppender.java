package org.mesohub.bus;

import java.io.IOException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader's sender of entries to one follower: one append or one snapshot chunk under way at a
 * time, so that what is submitted meanwhile shares the next one, and heartbeats of their own, so
 * that a follower that is slow to write does not take its leader for dead.
 *
 * <p>A failed append is sent again as it is: it moves no index, because only answers do.
 *
 * <p>Threading: all but the callbacks of answers runs on the appender's own thread.
 */
final class SteadyAppender extends LogAppenderBase {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyAppender.class);

  /** After a failure the next try waits this long. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  /** A follower that has not answered for so long is not offered a snapshot. */
  private static final long ABSENT_MILLIS = 1_000;

  /** The longest wait for a signal: a leader that has lost its office notices by then. */
  private static final long WAIT_MILLIS_MAX = 100;

  /** An append under way. */
  private record Append(
      AppendEntriesRequestProto request, CompletableFuture<AppendEntriesReplyProto> answer) {}

  /** A snapshot under way, chunk by chunk. */
  private record Install(
      SnapshotInfo snapshot,
      Iterator<InstallSnapshotRequestProto> chunks,
      CompletableFuture<InstallSnapshotReplyProto> answer) {}

  private final EventBusRpc rpc;
  private @Nullable Append append;
  private @Nullable Install install;

  /** The latest answered heartbeat that awaits its evaluation. */
  private volatile @Nullable Append beat;

  private long retryNanos = System.nanoTime();
  private boolean failing;

  SteadyAppender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
    super(server, leader, follower);
    this.rpc = (EventBusRpc) server.getRaftServer().getServerRpc();
  }

  @Override
  public long getCallId() {
    return CallId.get();
  }

  @Override
  public Comparator<Long> getCallIdComparator() {
    return CallId.getComparator();
  }

  @Override
  public void run() throws InterruptedException, IOException {
    while (isRunning()) {
      evaluate();
      if (getHeartbeatWaitTimeMs() <= 0) {
        sendHeartbeat();
      }
      if (append == null && install == null && System.nanoTime() - retryNanos >= 0) {
        sendNext();
      }
      getLeaderState().checkHealth(getFollower());
      long wait = Math.min(getHeartbeatWaitTimeMs(), WAIT_MILLIS_MAX);
      if (isRunning() && wait > 0 && !canSend()) {
        getEventAwaitForSignal().await(wait, TimeUnit.MILLISECONDS);
      }
    }
  }

  private boolean canSend() {
    return append == null
        && install == null
        && hasAppendEntries()
        && System.nanoTime() - retryNanos >= 0;
  }

  private void sendHeartbeat() throws IOException {
    resetHeartbeatTrigger();
    AppendEntriesRequestProto request = newAppendEntriesRequest(CallId.getAndIncrement(), true);
    send(request)
        .thenAccept(
            reply -> {
              beat = new Append(request, CompletableFuture.completedFuture(reply));
              notifyLogAppender();
            });
  }

  private void sendNext() throws IOException {
    boolean bootstrapping = getLeaderState().isFollowerBootstrapping(getFollower());
    if (!hasAppendEntries() && !bootstrapping) {
      return;
    }
    SnapshotInfo snapshot = shouldInstallSnapshot();
    if (snapshot != null && isAbsent()) {
      retryLater(); // heartbeats find out when it is back
      return;
    }
    if (snapshot != null) {
      LOG.info("node {} needs the snapshot of index {}", getFollowerId(), snapshot.getIndex());
      sendChunk(
          snapshot, newInstallSnapshotRequests(UUID.randomUUID().toString(), snapshot).iterator());
      return;
    }
    AppendEntriesRequestProto request = newAppendEntriesRequest(CallId.getAndIncrement(), false);
    if (request != null && request.getEntriesCount() > 0) {
      CompletableFuture<AppendEntriesReplyProto> answer = send(request);
      append = new Append(request, answer);
      answer.whenComplete((reply, failure) -> notifyLogAppender());
    } else {
      retryLater(); // an entry is not readable yet, or purged just now
    }
  }

  private boolean isAbsent() {
    return getFollower().getLastRpcResponseTime().elapsedTimeMs() > ABSENT_MILLIS;
  }

  private CompletableFuture<AppendEntriesReplyProto> send(AppendEntriesRequestProto request) {
    FollowerInfo follower = getFollower();
    Timestamp sent = Timestamp.currentTime();
    follower.updateLastRpcSendTime(request.getEntriesCount() == 0);
    return rpc.appendEntriesAsync(request)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                follower.updateLastRpcResponseTime();
                follower.updateLastRespondedAppendEntriesSendTime(sent);
                getLeaderState().onFollowerCommitIndex(follower, reply.getFollowerCommit());
              }
            });
  }

  private void sendChunk(SnapshotInfo snapshot, Iterator<InstallSnapshotRequestProto> chunks) {
    getFollower().updateLastRpcSendTime(false);
    CompletableFuture<InstallSnapshotReplyProto> answer = rpc.installSnapshotAsync(chunks.next());
    install = new Install(snapshot, chunks, answer);
    answer.whenComplete(
        (reply, failure) -> {
          if (failure == null) {
            getFollower().updateLastRpcResponseTime();
          }
          notifyLogAppender();
        });
  }

  private void evaluate() {
    Append answered = append;
    if (answered != null && answered.answer.isDone()) {
      append = null;
      answered(answered, false);
    }
    Install chunk = install;
    if (chunk != null && chunk.answer.isDone()) {
      install = null;
      answered(chunk);
    }
    Append beaten = beat;
    if (beaten != null) {
      beat = null;
      answered(beaten, true);
    }
  }

  private void answered(Append sent, boolean heartbeat) {
    AppendEntriesReplyProto reply = succeeded(sent.answer);
    if (reply == null) {
      return;
    }
    AppendEntriesRequestProto request = sent.request;
    long previous =
        request.hasPreviousLog() ? request.getPreviousLog().getIndex() : RaftLog.INVALID_LOG_INDEX;
    FollowerInfo follower = getFollower();
    switch (reply.getResult()) {
      case SUCCESS -> {
        long next = heartbeat ? previous + 1 : reply.getNextIndex();
        if (next > follower.getNextIndex() || next - 1 > follower.getMatchIndex()) {
          follower.updateMatchIndex(next - 1);
          follower.updateNextIndex(next);
          getLeaderState().onFollowerSuccessAppendEntries(follower);
        }
      }
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case INCONSISTENCY -> {
        long first = heartbeat ? RaftLog.INVALID_LOG_INDEX : request.getEntries(0).getIndex();
        // An append that was answered in the meantime has moved the index for better reasons.
        boolean idle = append == null && install == null;
        if (!heartbeat || (idle && follower.getNextIndex() == previous + 1)) {
          follower.setNextIndex(getNextIndexForInconsistency(first, reply.getNextIndex()));
        }
      }
      case UNRECOGNIZED -> LOG.warn("node {} gave an answer of no kind", getFollowerId());
    }
    getLeaderState().onAppendEntriesReply(this, reply);
  }

  private void answered(Install chunk) {
    InstallSnapshotReplyProto reply = succeeded(chunk.answer);
    if (reply == null) {
      return;
    }
    switch (reply.getResult()) {
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case SUCCESS, ALREADY_INSTALLED -> {
        if (chunk.chunks.hasNext()) {
          sendChunk(chunk.snapshot, chunk.chunks);
        } else {
          getFollower().setSnapshotIndex(chunk.snapshot.getIndex());
          getFollower().setAttemptedToInstallSnapshot();
          LOG.info(
              "node {} has the snapshot of index {}", getFollowerId(), chunk.snapshot.getIndex());
          getServer().getRaftServerMetrics().onSnapshotInstalled();
        }
      }
      default -> {
        LOG.warn("node {} did not take the snapshot: {}", getFollowerId(), reply.getResult());
        retryLater();
      }
    }
  }

  /** The answer, or null after a failure, which is logged once until the next success. */
  private <T> @Nullable T succeeded(CompletableFuture<T> answer) {
    T reply = answer.exceptionally(failure -> null).getNow(null);
    if (reply == null) {
      retryLater();
      if (!failing) {
        LOG.warn(
            "entries do not reach node {}: {}",
            getFollowerId(),
            answer.handle((value, failure) -> String.valueOf(failure)).getNow(""));
      }
      failing = true;
    } else {
      failing = false;
    }
    return reply;
  }

  private void retryLater() {
    retryNanos = System.nanoTime() + RETRY_NANOS;
  }
}
