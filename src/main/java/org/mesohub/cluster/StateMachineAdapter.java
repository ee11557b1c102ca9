package org.mesohub.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' view of a {@link LogStateMachine}: unpacks batch frames, numbers and times their entries,
 * keeps snapshots. Removes no duplicates: that is for the state machine.
 *
 * <p>An entry's index counts entries, not Raft entries, so it is unique within a batch; it and the
 * time are part of every snapshot, hence equal on all nodes and in every replay. An entry that
 * cannot be applied stops the log of this node, because going on would let its state differ from
 * the others'.
 *
 * <p>Threading: Ratis restores, applies and takes snapshots from one thread at a time.
 */
final class StateMachineAdapter extends BaseStateMachine {
  /** What happened to the log; called from Ratis' threads, must not block. */
  interface Events {
    /** This node leads, and its state includes everything acknowledged before. */
    void leaderReady();

    /** A leader was elected. */
    void leaderChanged(RaftPeerId leader);

    /** This node leads no longer; who does is not known. */
    void leaderNoMore();

    /** The log cannot go on: its disk failed or an entry cannot be applied. */
    void failed(LogStop stop, @Nullable Throwable cause);

    /** Ratis has closed the group. */
    void closed();

    /** The log since the last snapshot has grown over its limit. */
    void snapshotDue();
  }

  private static final Logger LOG = LoggerFactory.getLogger(StateMachineAdapter.class);

  /** A snapshot that failed (disk full) is not tried again before this. */
  private static final long SNAPSHOT_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LogStateMachine machine;
  private final RaftConfig.Snapshots limits;
  private final LogHealth health;
  private final Events events;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  /** Index of the last entry applied. */
  private volatile long opIndex;

  /** Time given to the last entry applied. */
  private long timeMicros = Long.MIN_VALUE;

  private long bytesSinceSnapshot;
  private boolean snapshotAsked;
  private long snapshotFailedNanos;
  private boolean snapshotFailed;

  /** Call id of the last request that this node put into its log as leader. */
  private volatile long appendedCallId = -1;

  StateMachineAdapter(
      LogStateMachine machine, RaftConfig.Snapshots limits, LogHealth health, Events events) {
    this.machine = machine;
    this.limits = limits;
    this.health = health;
    this.events = events;
  }

  long opIndex() {
    return opIndex;
  }

  /** Whether the request went into the log; asked for the latest request only. */
  boolean appended(long callId) {
    return appendedCallId == callId;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, group, raftStorage);
    deleteUnfinished(raftStorage.getStorageDir().getStateMachineDir().toPath());
    storage.init(raftStorage);
    getLifeCycle().startAndTransition(this::restoreLatest, IOException.class);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    storage.loadLatestSnapshot();
    getLifeCycle().startAndTransition(this::restoreLatest, IOException.class);
  }

  private void restoreLatest() throws IOException {
    SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
    if (latest == null) {
      return;
    }
    SnapshotFile snapshot = SnapshotFile.read(latest.getFile().getPath());
    machine.restore(snapshot.state());
    opIndex = snapshot.opIndex();
    timeMicros = snapshot.timeMicros();
    bytesSinceSnapshot = 0;
    setLastAppliedTermIndex(latest.getTermIndex());
    LOG.info("restored the state of log index {} from a snapshot", latest.getIndex());
  }

  private static void deleteUnfinished(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*" + AtomicFile.UNFINISHED)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  @Override
  public SimpleStateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction) {
    appendedCallId = transaction.getClientRequest().getCallId();
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    try {
      ByteString data = entry.getStateMachineLogEntry().getLogData();
      AnswerFrame answers = apply(BatchFrame.decode(data.asReadOnlyByteBuffer()));
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      watchSize(data.size());
      return CompletableFuture.completedFuture(
          Message.valueOf(UnsafeByteOperations.unsafeWrap(answers.encode())));
    } catch (RuntimeException | Error e) {
      String what =
          "log entry %d cannot be applied (%s); start a program that can"
              .formatted(entry.getIndex(), e.getMessage());
      events.failed(new LogStop(LogStop.Kind.OTHER, what), e);
      throw e; // makes Ratis stop the group before the next entry
    }
  }

  private AnswerFrame apply(BatchFrame frame) {
    timeMicros = Math.max(timeMicros, frame.timeMicros());
    List<byte[]> answers = new ArrayList<>(frame.entries().size());
    for (byte[] entry : frame.entries()) {
      answers.add(machine.apply(opIndex + 1, timeMicros, entry));
      opIndex++;
    }
    return new AnswerFrame(answers);
  }

  private void watchSize(int bytes) {
    bytesSinceSnapshot += bytes;
    if (bytesSinceSnapshot >= limits.everyBytes() && !snapshotAsked) {
      snapshotAsked = true;
      events.snapshotDue();
    }
  }

  /**
   * Gives the Raft index of the snapshot; before it the log is deleted. A failure leaves the log as
   * it is.
   */
  @Override
  public long takeSnapshot() {
    snapshotAsked = false;
    if (snapshotFailed && System.nanoTime() - snapshotFailedNanos < SNAPSHOT_RETRY_NANOS) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    TermIndex last = getLastAppliedTermIndex();
    try {
      Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
      new SnapshotFile(opIndex, timeMicros, machine.snapshot()).write(file);
      FileInfo info = new FileInfo(file, MD5FileUtil.computeAndSaveMd5ForFile(file.toFile()));
      storage.updateLatestSnapshot(new SingleFileSnapshotInfo(info, last));
    } catch (IOException | RuntimeException e) {
      snapshotFailed = true;
      snapshotFailedNanos = System.nanoTime();
      LOG.error("no snapshot at log index {}, the log keeps growing", last.getIndex(), e);
      health.snapshotFailed("the last snapshot failed (%s), the log keeps growing".formatted(e));
      return RaftLog.INVALID_LOG_INDEX;
    }
    snapshotFailed = false;
    health.snapshotDone();
    bytesSinceSnapshot = 0;
    return last.getIndex();
  }

  @Override
  public void notifyLeaderReady() {
    events.leaderReady();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId newLeader) {
    events.leaderChanged(newLeader);
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    events.leaderNoMore();
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String what =
        "the log cannot write to its disk (%s); check space and disk".formatted(root.getMessage());
    events.failed(LogStop.of(what, cause), cause);
  }

  @Override
  public void close() {
    events.closed();
  }
}
