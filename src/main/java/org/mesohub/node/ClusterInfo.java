package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.ClusterApi;
import org.mesohub.catalog.Snapshots;
import org.mesohub.cluster.CatalogueMachine;
import org.mesohub.cluster.RatisLog;
import org.mesohub.cluster.ReplicatedLog;
import org.mesohub.grpc.NodePeers;
import org.mesohub.grpc.PeerNode;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.placement.Room;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.Pins;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.RejectStore;
import org.mesohub.store.RejectStore.Rejected;

/** What this node tells of itself and of the others, whom it asks once a second. Thread-safe. */
final class ClusterInfo implements ClusterApi, PeerNode, AutoCloseable {
  private static final long PERIOD_MS = 1_000;

  /** Longest wait for another node's answer, milliseconds. */
  static final long ANSWER_MS = 1_000;

  /** A member that has not answered for this long counts as not reachable, milliseconds. */
  private static final long SILENCE_MS_MAX = 3_000;

  /**
   * A member that has not answered for this long holds back no collection: what it still reads may
   * fail, milliseconds.
   */
  private static final long GIVEN_UP_MS = 60_000;

  /** A member that has not answered for this long holds back no new feature, milliseconds. */
  private static final long DEAD_MS = 600_000;

  private record Answer(Info info, long nanos) {
    long ageMs() {
      return (System.nanoTime() - nanos) / 1_000_000;
    }
  }

  private final Vertx vertx;
  private final NodeIdentity identity;
  private final Membership membership;
  private final RatisLog log;
  private final LogLeadership leadership;
  private final CatalogueMachine machine;
  private final Pins pins;
  private final LocalRoom room;
  private final NodePeers peers;
  private final ChunkStore own;
  private final RejectStore rejects;
  private volatile long chunks = ClusterApi.UNKNOWN;
  private final LongSupplier underReplicated;
  private final MemberKeeper keeper;
  private final LongSupplier clockMicros;
  private final PeerClocks clocks = new PeerClocks();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final long startedNanos = System.nanoTime();
  private final long timer;

  /**
   * @param own the database of this node
   * @param rejects those that this node keeps
   * @param underReplicated copies of chunks that lack now; {@link ClusterApi#UNKNOWN}
   * @param clockMicros wall clock, microseconds since 1970
   */
  ClusterInfo(
      Vertx vertx,
      NodeIdentity identity,
      Membership membership,
      RatisLog log,
      LogLeadership leadership,
      CatalogueMachine machine,
      Pins pins,
      LocalRoom room,
      NodePeers peers,
      ChunkStore own,
      RejectStore rejects,
      MemberKeeper keeper,
      LongSupplier underReplicated,
      LongSupplier clockMicros) {
    this.vertx = vertx;
    this.identity = identity;
    this.membership = membership;
    this.log = log;
    this.leadership = leadership;
    this.machine = machine;
    this.pins = pins;
    this.room = room;
    this.peers = peers;
    this.own = own;
    this.rejects = rejects;
    this.keeper = keeper;
    this.underReplicated = underReplicated;
    this.clockMicros = clockMicros;
    this.timer = vertx.setPeriodic(0, PERIOD_MS, turn -> look());
  }

  private void look() {
    peers.all().forEach(this::ask);
    own.count().onSuccess(count -> chunks = count);
  }

  private void ask(String id, PeerNode peer) {
    long asked = clockMicros.getAsLong();
    peer.info()
        .onSuccess(
            info -> {
              answers.put(id, new Answer(info, System.nanoTime()));
              clocks.answered(id, asked, clockMicros.getAsLong(), info.timeMicros());
            });
  }

  @Override
  public Future<Info> info() {
    return vertx.executeBlocking(this::own, false);
  }

  private Info own() {
    ReplicatedLog.LogStatus status = log.status();
    Room now = room.now();
    long capacity =
        now.capacityBytes() == Long.MAX_VALUE ? ClusterApi.UNKNOWN : now.capacityBytes();
    return new Info(
        identity.nodeId(),
        identity.clusterId(),
        status.role(),
        status.term(),
        status.leaderId(),
        status.commitIndex(),
        status.appliedIndex(),
        chunks,
        room.usedBytes(),
        room.diskFreeBytes(),
        capacity,
        Version.TEXT,
        (System.nanoTime() - startedNanos) / 1_000_000_000,
        clockMicros.getAsLong(),
        Snapshots.FEATURE_LEVEL);
  }

  /**
   * Lowest feature level of some nodes; 0 while one has not answered lately. One that has not done
   * so for long counts no more: should it come back with an older release, it says what it needs.
   */
  int featureLevel(List<String> nodes) {
    return nodes.stream()
        .filter(id -> !id.equals(identity.nodeId()) && silentMs(id) < DEAD_MS)
        .mapToInt(
            id -> {
              Answer answer = answers.get(id);
              return answer == null || answer.ageMs() > SILENCE_MS_MAX
                  ? 0
                  : answer.info.featureLevel();
            })
        .min()
        .orElse(Snapshots.FEATURE_LEVEL);
  }

  PeerClocks clocks() {
    return clocks;
  }

  /** Later readers take a state that is at least as new as the one that is looked at here. */
  @Override
  public Future<Boolean> clearBefore(long runsEpoch) {
    return Future.succeededFuture(
        machine.state().runsEpoch() >= runsEpoch && !pins.anyBefore(runsEpoch));
  }

  @Override
  public Future<List<Rejected>> rejects(@Nullable String putId, int limit) {
    return rejects.find(putId, limit);
  }

  /** Whether a reader of any node may see a state from before an epoch; blocks for a second. */
  boolean readBefore(long runsEpoch) {
    if (pins.anyBefore(runsEpoch)) {
      return true;
    }
    List<Future<Boolean>> asked = new ArrayList<>();
    peers.all().forEach((id, peer) -> asked.add(clear(id, peer, runsEpoch)));
    try {
      Blocking.await(Future.join(asked), 3 * ANSWER_MS, "the other members");
    } catch (RuntimeException e) {
      return true;
    }
    return !asked.stream().allMatch(Future::result);
  }

  private Future<Boolean> clear(String id, PeerNode peer, long runsEpoch) {
    return peer.clearBefore(runsEpoch).otherwise(failure -> isGivenUp(id));
  }

  private boolean isGivenUp(String id) {
    return silentMs(id) > GIVEN_UP_MS;
  }

  private long silentMs(String id) {
    Answer answer = answers.get(id);
    return answer == null ? (System.nanoTime() - startedNanos) / 1_000_000 : answer.ageMs();
  }

  @Override
  public Future<ClusterStatus> clusterStatus() {
    return vertx.executeBlocking(this::status, false);
  }

  private ClusterStatus status() {
    ReplicatedLog.LogStatus status = log.status();
    List<Reign> leaders = new ArrayList<>();
    leadership.history().forEach(t -> leaders.add(new Reign(t.term(), t.nodeId(), t.micros())));
    Collections.reverse(leaders);
    Info own = own();
    Members members = membership.now();
    return new ClusterStatus(
        identity.clusterId(),
        identity.nodeId(),
        status.term(),
        status.leaderId(),
        status.commitIndex(),
        status.appliedIndex(),
        members.all().stream().map(m -> member(m, own, members, status.voters())).toList(),
        leaders.subList(0, Math.min(leaders.size(), ClusterApi.LEADERS_MAX)),
        underReplicated.getAsLong());
  }

  private MemberStatus member(Member member, Info own, Members members, List<String> voters) {
    boolean voter = voters.contains(member.id());
    boolean leaving = members.leaving().contains(member.id());
    if (member.id().equals(members.selfId())) {
      return told(member, own, true, 0, own.commitIndex(), voter, leaving);
    }
    Answer answer = answers.get(member.id());
    return answer == null
        ? unknown(member, voter, leaving)
        : told(
            member,
            answer.info,
            answer.ageMs() < SILENCE_MS_MAX,
            answer.ageMs(),
            own.commitIndex(),
            voter,
            leaving);
  }

  private static MemberStatus told(
      Member member,
      Info info,
      boolean reachable,
      long contactMs,
      long commitIndex,
      boolean voter,
      boolean leaving) {
    return new MemberStatus(
        member.id(),
        member.number(),
        member.publicAddress(),
        info.role(),
        reachable,
        info.appliedIndex(),
        Math.max(0, commitIndex - info.appliedIndex()),
        contactMs,
        info.chunks(),
        info.chunkBytes(),
        info.freeBytes(),
        info.capacityBytes(),
        info.version(),
        member.contact(),
        info.uptimeSeconds(),
        voter,
        leaving);
  }

  private static MemberStatus unknown(Member member, boolean voter, boolean leaving) {
    return new MemberStatus(
        member.id(),
        member.number(),
        member.publicAddress(),
        "",
        false,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        "",
        member.contact(),
        UNKNOWN,
        voter,
        leaving);
  }

  @Override
  public Future<Reign> transferLeadership(String nodeId) {
    Members members = membership.now();
    if (!nodeId.isEmpty() && members.member(nodeId).isEmpty()) {
      return Future.failedFuture(
          new ApiException(
              ApiException.Reason.INVALID,
              "there is no member "
                  + nodeId
                  + "; members are "
                  + members.all().stream().map(Member::id).toList()));
    }
    if (nodeId.equals(members.selfId()) && leadership.isSelf()) {
      return Future.succeededFuture(reign());
    }
    return Future.fromCompletionStage(log.admin().transfer(nodeId))
        .compose(done -> leadership.awaitKnown(java.time.Duration.ofSeconds(2)))
        .map(known -> reign())
        .recover(failure -> Future.failedFuture(notTaken(failure)));
  }

  @Override
  public Future<Change> addNode(Member node) {
    return LocalNode.told(vertx.executeBlocking(() -> keeper.add(node), false));
  }

  @Override
  public Future<Change> removeNode(String nodeId, boolean force) {
    return LocalNode.told(vertx.executeBlocking(() -> keeper.remove(nodeId, force), false));
  }

  private Reign reign() {
    ReplicatedLog.LogStatus status = log.status();
    return new Reign(status.term(), status.leaderId(), WallClock.micros());
  }

  private static ApiException notTaken(@Nullable Throwable failure) {
    String why = failure == null ? "" : String.valueOf(failure.getMessage());
    return new ApiException(
        ApiException.Reason.UNAVAILABLE,
        "the leadership was not handed over (" + why + "); see status, then try again",
        failure);
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    peers.close();
  }
}
