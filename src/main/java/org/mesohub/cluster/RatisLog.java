package org.mesohub.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.IOUtils;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.mesohub.cluster.LogException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated log on Apache Ratis, one Raft entry in flight. Acknowledged means synced to disk
 * on a quorum and applied here. Threading: see {@link ReplicatedLog}; {@link #open} and {@link
 * #close} block.
 */
public final class RatisLog implements ReplicatedLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);

  /** How long the files of a failed group may take to close. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);

  private static final Duration CLOSE_POLL = Duration.ofMillis(10);

  private final RaftConfig config;
  private final LongSupplier clockMicros;
  private final LogHealth health = new LogHealth();
  private final StateMachineAdapter adapter;
  private final RaftFolder folder;
  private final GroupCommit commits;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final RaftAdmin admin;

  /** Null for a node alone, which waits for nobody and succeeds nobody. */
  private final @Nullable ReadBarrier reads;

  private final @Nullable Succession succession;

  private final Leadership leadership;
  private final CompletableFuture<Void> leaderKnown = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final RaftGroupId groupId;
  private final RaftPeerId self;

  /**
   * Opens the folder, restores the latest snapshot and starts Ratis; a leader comes later.
   *
   * @param joins whether it opens as nobody's voter, to be taken in by the others' leader
   */
  static RatisLog open(
      RaftConfig config, boolean joins, LogStateMachine machine, LongSupplier clockMicros)
      throws IOException {
    RaftFolder folder = RaftFolder.open(config, clockMicros.getAsLong());
    try {
      return new RatisLog(config, joins, machine, clockMicros, folder);
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private RatisLog(
      RaftConfig config,
      boolean joins,
      LogStateMachine machine,
      LongSupplier clockMicros,
      RaftFolder folder)
      throws IOException {
    this.config = config;
    this.clockMicros = clockMicros;
    this.folder = folder;
    this.self = RaftPeerId.valueOf(config.nodeId());
    this.groupId = RaftGroupId.valueOf(config.groupId());
    this.leadership = new Leadership(config.nodeId());
    this.adapter =
        new StateMachineAdapter(machine, config.snapshots(), health, new StateMachineEvents());
    this.commits =
        new GroupCommit(
            "raft-commit-" + config.nodeId(),
            config.queue(),
            config.submitTimeout(),
            this::propose);
    try {
      this.server = start(joins);
      this.division = server.getDivision(groupId);
      this.admin = new RaftAdmin(server, division);
      RaftConfig.Peers peers = config.rpc().peers();
      this.reads =
          peers == null
              ? null
              : new ReadBarrier(peers.calls(), config, division, admin, commits, this::reign);
      this.succession = RatisSeat.succession(config, server, admin, division);
    } catch (IOException | RuntimeException e) {
      commits.close();
      leadership.close();
      throw e;
    }
  }

  private RaftServer start(boolean joins) throws IOException {
    // Without voters Ratis waits for a leader to take it in.
    List<RaftPeer> peers =
        joins ? List.of() : config.voters().stream().map(RaftAdmin::peer).toList();
    RaftServer built =
        RaftServer.newBuilder()
            .setServerId(self)
            .setGroup(RaftGroup.valueOf(groupId, peers))
            .setStateMachine(adapter)
            .setProperties(RatisSettings.of(config))
            .setParameters(config.rpc().parameters())
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    try {
      built.start();
      return built;
    } catch (IOException | RuntimeException e) {
      closing.set(true);
      built.close();
      throw RaftFolder.notStarted(e);
    }
  }

  /**
   * Completes when a leader is known and, should it be this node, everything acknowledged is
   * applied.
   */
  CompletableFuture<Void> leaderKnown() {
    return leaderKnown;
  }

  /** Marks the folder as this log's; before the first entry is acknowledged. */
  void claimFolder() throws IOException {
    folder.claim(config);
  }

  @Override
  public Future<byte[]> submit(byte[] entry) {
    if (entry.length > ENTRY_BYTES_MAX) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "an entry of %d bytes exceeds %d: store its content as a chunk and submit its name"
                  .formatted(entry.length, ENTRY_BYTES_MAX)));
    }
    return onCallersContext(commits.submit(entry));
  }

  @Override
  public Future<Void> barrier() {
    Optional<String> failure = health.failure();
    if (failure.isPresent() || closing.get()) {
      return Future.failedFuture(
          new LogException(Reason.CLOSED, failure.orElse("the log is closed"), null));
    }
    if (reads != null) {
      return onCallersContext(reads.pass());
    }
    // A sole voter acknowledges after applying, and is ready only once all earlier entries are
    // applied.
    return division.getInfo().isLeaderReady()
        ? Future.succeededFuture()
        : Future.failedFuture(notLeader(null));
  }

  /** A barrier through the log, shared by all that wait for one. */
  Future<Void> barrierEntry() {
    return onCallersContext(commits.barrier()).mapEmpty();
  }

  private <T> Future<T> onCallersContext(CompletableFuture<T> answer) {
    Context context = Vertx.currentContext();
    // Who waits on a thread without a context needs no event loop between.
    return context == null
        ? Future.fromCompletionStage(answer)
        : Future.fromCompletionStage(answer, context);
  }

  private CompletableFuture<List<byte[]>> propose(List<byte[]> entries) {
    long callId = callIds.incrementAndGet();
    BatchFrame frame = new BatchFrame(clockMicros.getAsLong(), entries);
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(self)
            .setGroupId(groupId)
            .setCallId(callId)
            .setRepliedCallIds(List.of(callId - 1)) // Ratis forgets that answer at once
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(frame.encode())))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = server.submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    return reply.handle((r, failure) -> answers(callId, r, failure));
  }

  private List<byte[]> answers(
      long callId, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
    if (reply != null && reply.isSuccess()) {
      return AnswerFrame.decode(reply.getMessage().getContent().asReadOnlyByteBuffer()).answers();
    }
    Throwable cause = reply == null ? failure : reply.getException();
    if (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (adapter.appended(callId)) {
      throw new LogException(
          Reason.INDETERMINATE,
          "the log lost its leader; the entry may be applied, now or later: ask for its effect before repeating it",
          cause);
    }
    throw notLeader(cause);
  }

  private LogException notLeader(@Nullable Throwable cause) {
    String leader = status().leaderId();
    String where = leader.isEmpty() ? "no leader is known now" : "node " + leader + " leads";
    return new LogException(
        Reason.NOT_LEADER, where + "; nothing was appended, try again there", cause);
  }

  @Override
  public LogStatus status() {
    RaftPeerId leader = division.getInfo().getLeaderId();
    return new LogStatus(
        config.nodeId(),
        leader == null ? "" : leader.toString(),
        division.getInfo().getCurrentRole().name(),
        division.getInfo().getCurrentTerm(),
        division.getRaftLog().getLastCommittedIndex(),
        division.getInfo().getLastAppliedIndex(),
        division.getRaftConf().getCurrentPeers().stream().map(p -> p.getId().toString()).toList());
  }

  /**
   * Term in which this node leads with everything applied that was acknowledged before; 0 while it
   * does not.
   */
  public long reign() {
    long term = division.getInfo().getCurrentTerm();
    return division.getInfo().isLeaderReady() && division.getInfo().getCurrentTerm() == term
        ? term
        : 0;
  }

  /** Completes when the log has stopped for as long as it is open; after failures of all calls. */
  public CompletableFuture<LogStop> stopped() {
    return health.stopped();
  }

  /** Takes no more entries, and no part in the others' log; says why. */
  void fail(String why) {
    IOUtils.cleanup(LOG, reads, succession);
    new StateMachineEvents().failed(LogStop.of(why, null), null);
    CompletableFuture.runAsync(() -> IOUtils.cleanup(LOG, server));
  }

  /** How far the other voters are; what is not known from here is left out. */
  public Progress progress() {
    return Progress.of(division);
  }

  /**
   * Tells a listener who leads, now and at every change, one call at a time on a thread of its own,
   * which it may block for a while.
   */
  public void onLeader(Consumer<LeaderChange> listener) {
    leadership.add(listener);
  }

  /** Changes who takes part, see {@link RaftAdmin}; only at the leader. */
  public RaftAdmin admin() {
    return admin;
  }

  /**
   * What is wrong, if the log does not take entries or its disk not keep up; empty when nothing is.
   */
  public Optional<String> trouble() {
    Duration overdue = commits.overdue();
    return health
        .trouble()
        .or(
            () ->
                overdue.isZero()
                    ? Optional.empty()
                    : Optional.of(
                        "an entry has waited %d ms beyond its deadline: check disk and quorum"
                            .formatted(overdue.toMillis())));
  }

  /** Index of the last entry applied here. */
  long opIndex() {
    return adapter.opIndex();
  }

  /** Completes every future, then stops Ratis and gives the folder free. */
  @Override
  public void close() throws IOException {
    closing.set(true);
    IOUtils.cleanup(LOG, reads, succession);
    commits.close();
    server.close();
    leadership.close();
    awaitClosed();
    folder.close();
  }

  /** A group that is closing itself after a failure is not waited for by the server. */
  private void awaitClosed() {
    long deadline = System.nanoTime() + CLOSE_WAIT.toNanos();
    while (division.getInfo().getLifeCycleState() == LifeCycle.State.CLOSING
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(CLOSE_POLL.toNanos());
    }
  }

  private final class StateMachineEvents implements StateMachineAdapter.Events {
    @Override
    public void leaderReady() {
      leaderKnown.complete(null);
      leadership.tell(new LeaderChange(config.nodeId(), true, term()));
    }

    @Override
    public void leaderChanged(RaftPeerId leader) {
      if (!leader.equals(self)) {
        leaderKnown.complete(null);
      }
      leadership.tell(new LeaderChange(leader.toString(), false, term()));
    }

    @Override
    public void leaderNoMore() {
      leadership.tell(new LeaderChange("", false, term()));
    }

    private long term() {
      RaftServer.Division opened = division; // events come before the constructor has ended
      return opened == null ? 0 : opened.getInfo().getCurrentTerm();
    }

    @Override
    public void failed(LogStop stop, @Nullable Throwable cause) {
      leaderKnown.completeExceptionally(new IllegalStateException(stop.why(), cause));
      commits.close(stop.why());
      if (health.fail(stop)) {
        LOG.error("the log stops: {}", stop.why(), cause);
      }
    }

    @Override
    public void closed() {
      if (!closing.get()) {
        failed(RaftAdmin.whyShutDown(config), null);
      }
    }

    @Override
    public void snapshotDue() {
      // On another thread: the request waits for Ratis' lock, and this one applies entries.
      CompletableFuture.runAsync(admin::snapshot);
    }
  }
}
