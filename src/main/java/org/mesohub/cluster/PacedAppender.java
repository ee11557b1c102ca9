package org.mesohub.cluster;

import java.io.IOException;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the log to one follower: one append with entries under way at a time, and heartbeats of
 * their own, so that a follower whose disk stalls does not take the leader for dead. More appends
 * under way make it slower: entries are few and large, as {@link GroupCommit} gathers them.
 *
 * <p>Everything is done on Ratis' thread for this follower; answers are queued for it.
 */
final class PacedAppender extends LogAppenderBase {
  private static final Logger LOG = LoggerFactory.getLogger(PacedAppender.class);

  /** Heartbeats under way at once; beyond it the follower hears of nothing anyway. */
  private static final int HEARTBEATS_MAX = 4;

  /** A failed append is not repeated before this. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  /** An answer, or the lack of one. */
  private record Answer(
      AppendEntriesRequestProto request,
      Timestamp sent,
      @Nullable AppendEntriesReplyProto reply,
      @Nullable Throwable failure) {
    boolean isHeartbeat() {
      return request.getEntriesCount() == 0;
    }
  }

  private final AtomicLong callIds = new AtomicLong();
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private boolean appending;
  private int heartbeats;
  private long failures;
  private long retryAtNanos = System.nanoTime();

  PacedAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
    super(server, state, follower);
  }

  @Override
  public long getCallId() {
    return callIds.get();
  }

  @Override
  public Comparator<Long> getCallIdComparator() {
    return Long::compare;
  }

  /** While entries are under way, a heartbeat must not claim what the follower has before it. */
  @Override
  public boolean hasPendingDataRequests() {
    return appending;
  }

  @Override
  public void run() throws InterruptedException, IOException {
    while (isRunning()) {
      for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
        take(answer);
      }
      if (shouldSendAppendEntries() && !appending && isTimeToRetry()) {
        SnapshotInfo snapshot = shouldInstallSnapshot();
        if (snapshot != null) {
          install(snapshot);
          continue;
        }
      }
      // First: while one is due, Ratis makes heartbeats of what should be appends.
      if (getHeartbeatWaitTimeMs() <= 0 && heartbeats < HEARTBEATS_MAX) {
        heartbeats++;
        send(newAppendEntriesRequest(callIds.incrementAndGet(), true));
      }
      if (!appending && hasAppendEntries() && isTimeToRetry()) {
        append();
      }
      if (answers.isEmpty() && isRunning()) {
        getEventAwaitForSignal().await(pauseMs(), TimeUnit.MILLISECONDS);
      }
      getLeaderState().checkHealth(getFollower());
    }
  }

  private boolean isTimeToRetry() {
    return System.nanoTime() - retryAtNanos >= 0;
  }

  private long pauseMs() {
    if (!appending && hasAppendEntries()) {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(retryAtNanos - System.nanoTime()));
    }
    return Math.max(1, getHeartbeatWaitTimeMs());
  }

  private void append() throws RaftLogIOException {
    AppendEntriesRequestProto request = newAppendEntriesRequest(callIds.incrementAndGet(), false);
    if (request == null) {
      return;
    }
    if (request.getEntriesCount() == 0) {
      heartbeats++;
    } else {
      appending = true;
    }
    send(request);
  }

  private void send(AppendEntriesRequestProto request) {
    resetHeartbeatTrigger();
    Timestamp sent = Timestamp.currentTime();
    getFollower().updateLastRpcSendTime(request.getEntriesCount() == 0);
    ((PeerRpc) getServerRpc())
        .appendAsync(request)
        .whenComplete(
            (reply, failure) -> {
              answers.add(new Answer(request, sent, reply, failure));
              notifyLogAppender();
            });
  }

  private void take(Answer answer) {
    if (answer.isHeartbeat()) {
      heartbeats--;
    } else {
      appending = false;
    }
    AppendEntriesReplyProto reply = answer.reply;
    if (reply == null) {
      failed(answer);
      return;
    }
    failures = 0;
    getFollower().updateLastRpcResponseTime();
    getFollower().updateLastRespondedAppendEntriesSendTime(answer.sent);
    getLeaderState().onFollowerCommitIndex(getFollower(), reply.getFollowerCommit());
    switch (reply.getResult()) {
      case SUCCESS -> succeeded(answer, reply);
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case INCONSISTENCY -> inconsistent(answer, reply);
      default -> LOG.warn("{} answered {}", getFollower().getName(), reply.getResult());
    }
    getLeaderState().onAppendEntriesReply(this, reply);
  }

  private void failed(Answer answer) {
    if (!answer.isHeartbeat()) {
      retryAtNanos = System.nanoTime() + RETRY_NANOS;
    }
    // The first one is news; a node that stays away is told of now and then.
    if (failures++ % 1_000 == 0) {
      LOG.info("{} does not answer: {}", getFollower().getName(), String.valueOf(answer.failure));
    }
  }

  private void succeeded(Answer answer, AppendEntriesReplyProto reply) {
    long before = getFollower().getNextIndex();
    long next =
        answer.isHeartbeat()
            ? Math.max(before, previousIndex(answer.request) + 1)
            : Math.max(before, reply.getNextIndex());
    if (next > before) {
      getFollower().updateMatchIndex(next - 1);
      getFollower().increaseNextIndex(next);
      getLeaderState().onFollowerSuccessAppendEntries(getFollower());
    }
  }

  /** A heartbeat that was sent beside entries says nothing about where the follower's log ends. */
  private void inconsistent(Answer answer, AppendEntriesReplyProto reply) {
    if (appending) {
      return;
    }
    long first =
        answer.isHeartbeat() ? RaftLog.INVALID_LOG_INDEX : answer.request.getEntries(0).getIndex();
    getFollower().setNextIndex(getNextIndexForInconsistency(first, reply.getNextIndex()));
  }

  private static long previousIndex(AppendEntriesRequestProto request) {
    return request.hasPreviousLog()
        ? request.getPreviousLog().getIndex()
        : RaftLog.INVALID_LOG_INDEX;
  }

  /** Sends a snapshot piece by piece; each keeps the follower from standing for election. */
  private void install(SnapshotInfo snapshot) throws IOException {
    LOG.info(
        "{} needs entries from {} on, which are gone: it gets the snapshot of {}",
        getFollower().getName(),
        getFollower().getNextIndex(),
        snapshot.getTermIndex());
    InstallSnapshotReplyProto reply = null;
    try {
      String id = UUID.randomUUID().toString();
      for (InstallSnapshotRequestProto request : newInstallSnapshotRequests(id, snapshot)) {
        getFollower().updateLastRpcSendTime(false);
        reply = getServerRpc().installSnapshot(request);
        getFollower().updateLastRpcResponseTime();
        if (!reply.getServerReply().getSuccess()) {
          break;
        }
      }
    } catch (java.io.InterruptedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      LOG.warn("the snapshot did not reach {}; it is sent again", getFollower().getName(), e);
      retryAtNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      return;
    }
    if (reply == null) {
      return;
    }
    switch (reply.getResult()) {
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case SUCCESS -> {
        getFollower().setSnapshotIndex(snapshot.getTermIndex().getIndex());
        getFollower().setAttemptedToInstallSnapshot();
        getServer().getRaftServerMetrics().onSnapshotInstalled();
      }
      case ALREADY_INSTALLED, SNAPSHOT_UNAVAILABLE, SNAPSHOT_EXPIRED ->
          getFollower().setAttemptedToInstallSnapshot();
      default -> retryAtNanos = System.nanoTime() + RETRY_NANOS;
    }
  }
}
