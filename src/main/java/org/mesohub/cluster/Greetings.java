package org.mesohub.cluster;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.mesohub.proto.internal.v1.Greeting.Standing;
import org.mesohub.proto.internal.v1.Greeting.Step;
import org.mesohub.proto.internal.v1.GreetingAnswer;
import org.mesohub.proto.internal.v1.GreetingAnswer.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a node's log open only when the node cannot have forgotten a vote or an acknowledgement.
 *
 * <pre>
 *   NEW ── all others welcome it ─────────────────────────────────────► MEMBER ─► open
 *    │                                                                     ▲
 *    └─ LEAVE while a voter says FORGOTTEN ─ enough voters say GONE ─► JOINING ─► open as nobody's
 *                                                                     voter, JOIN until the leader
 *                                                                     says MEMBER
 * </pre>
 *
 * <p>A node that is added to a cluster hears GONE at once and goes the same way, as ADDED.
 *
 * <p>Before its log opened, an earlier incarnation was met by all others, or by {@code n - quorum +
 * 1} of them, and any two such sets of others share a node, which has met both; one whose roll was
 * lost objects to whomever it has not met. See {@code docs/design/003-replicated-log.md}. What is
 * asked of this node is answered by {@link GreetingAnswers}.
 *
 * <p>Threading: futures complete on the context that called {@link #mayOpen}.
 */
final class Greetings {
  private static final Logger LOG = LoggerFactory.getLogger(Greetings.class);

  private static final long PAUSE_MS = 300;

  /** Pause between two greetings of those that take part, so that who has lost its roll learns. */
  private static final long MEMBER_PAUSE_MS = 30_000;

  /** A member does not wait longer for objections before it opens its log. */
  private static final long OBJECTIONS_MS = 700;

  /** One that was to be taken out waits longer. */
  private static final long LEAVING_MS = 5_000;

  /** How often a wait is told of, in rounds. */
  private static final int ROUNDS_PER_NOTICE = 30;

  private static final int FIRST_NOTICE = 2;

  private static final String OLD_COPY =
      "a later incarnation of this node takes part: this folder is an old copy; remove it, and the"
          + " others take the node in anew";

  private final Vertx vertx;
  private final RaftConfig config;
  private final PeerCalls calls;
  private final Membership membership;
  private final Roll roll;
  private final GreetingAnswers answers;
  private final GreetingRound asking;
  private final Promise<Boolean> mayOpen = Promise.promise();
  private volatile Incarnation own;
  private volatile @Nullable RatisLog log;
  private volatile boolean closed;
  private volatile long metLife;
  private int rounds;

  /** Reads the folder: blocks. Answers the others from now on. */
  Greetings(Vertx vertx, RaftConfig config, RaftConfig.Peers peers) throws IOException {
    this.vertx = vertx;
    this.config = config;
    this.calls = peers.calls();
    this.membership = peers.membership();
    this.own = Incarnation.of(config.raftFolder(), logFolder());
    this.roll = new Roll(config.raftFolder());
    if (own.standing() == Standing.NEW && config.voters().size() == 1) {
      throw new IllegalStateException(
          "cluster.members names this node only, and its data folder is new: a cluster does not begin"
              + " so. To begin one, name all its nodes, three at least, or start this node without"
              + " cluster.members first; to take part in one, name some of its nodes");
    }
    this.asking = new GreetingRound(vertx, config, peers, roll);
    this.answers = new GreetingAnswers(config, membership, roll, () -> own, () -> log);
    calls.answerGreetings(answers::answer);
  }

  /**
   * Completes when the log may open; true when it is to open as nobody's voter. Fails when the
   * folder must not be used.
   */
  Future<Boolean> mayOpen() {
    if (own.standing() == Standing.MEMBER || (own.standing() == Standing.ADDED && hasLog())) {
      Map<String, Future<Optional<GreetingAnswer>>> asked = asking.ask(Step.HELLO, own);
      onOldCopy(
          List.copyOf(asked.values()), () -> mayOpen.tryFail(new IllegalStateException(OLD_COPY)));
      Future.join(List.copyOf(asked.values()))
          .timeout(isLeaving() ? LEAVING_MS : OBJECTIONS_MS, TimeUnit.MILLISECONDS)
          .transform(answered -> asking.noted(asked, own))
          .onSuccess(this::openAgain)
          .onFailure(
              failure -> { // the roll, on a full disk: it can be written later
                LOG.warn("what others said at the start could not be noted", failure);
                mayOpen.tryComplete(own.standing() != Standing.MEMBER);
              });
    } else {
      round();
    }
    return mayOpen.future();
  }

  /**
   * A log of a node that was taken out meanwhile is of no use to anybody, and would only be told to
   * stop: the node begins anew, to wait until it is added again.
   */
  private void openAgain(GreetingCount told) {
    if (mayOpen.future().isComplete()) {
      return;
    }
    if (own.standing() == Standing.MEMBER && told.isGone() && !told.any(Verdict.FORGOTTEN)) {
      LOG.warn("node {} was taken out of the cluster; its log begins anew", config.nodeId());
      vertx
          .executeBlocking(
              () -> {
                own = Incarnation.anew(config.raftFolder(), logFolder());
                roll.clear();
                return own;
              })
          .onSuccess(anew -> round())
          .onFailure(mayOpen::tryFail);
    } else {
      mayOpen.tryComplete(own.standing() != Standing.MEMBER);
    }
  }

  private Path logFolder() {
    return config.raftFolder().resolve(config.groupId().toString());
  }

  /** Whether it was to be taken out when it last heard of that. */
  private boolean isLeaving() {
    return membership.now().leaving().contains(config.nodeId());
  }

  private boolean hasLog() {
    return Files.exists(logFolder());
  }

  /**
   * Acts when some other has met a later life, or as soon as enough object that do not know which
   * is later.
   */
  private void onOldCopy(List<Future<Optional<GreetingAnswer>>> asked, Runnable action) {
    long life = own.life();
    int voters = membership.now().all().size();
    int enough = Math.max(1, voters - GreetingCount.needed(voters));
    int[] objections = new int[1];
    for (Future<Optional<GreetingAnswer>> one : asked) {
      one.onSuccess(
          answer -> {
            if (answer.isEmpty() || answer.get().getVerdict() != Verdict.FORGOTTEN) {
              return;
            }
            boolean later = answer.get().getMetLife() > life;
            if (++objections[0] == enough || later) {
              action.run();
            }
          });
    }
  }

  /** Tells of the log from now on. */
  void opened(RatisLog opened) {
    log = opened;
  }

  /** Takes part, or asks to; when everything else of this node works that others need then. */
  void takePart() {
    afterOpening();
  }

  void close() {
    closed = true;
    calls.answerGreetings(null);
    mayOpen.tryFail(new IllegalStateException("the node stops"));
  }

  private void round() {
    if (closed) {
      return;
    }
    greetAll(Step.HELLO)
        .onSuccess(
            told -> {
              metLife = Math.max(metLife, told.metLife());
              if (told.isGone() && !told.isForgotten()) {
                open(metLife == 0 ? Standing.ADDED : Standing.JOINING);
              } else if (told.any(Verdict.FORGOTTEN)) {
                leave();
              } else if (own.standing() == Standing.NEW && told.isWelcome(config)) {
                open(Standing.MEMBER);
              } else {
                notice(
                    told.any(Verdict.UNLIKE)
                        ? "waits, for its cluster.members are not those of others"
                        : "has not been open before, so enough others must be met first",
                    told);
                later(PAUSE_MS, this::round);
              }
            })
        .onFailure(this::again);
  }

  /** After a round that could not be noted, on a full disk as a rule. */
  private void again(Throwable failure) {
    LOG.warn("a round of greetings failed and is repeated", failure);
    later(PAUSE_MS * ROUNDS_PER_NOTICE, this::round);
  }

  private void open(Standing standing) {
    vertx
        .executeBlocking(
            () -> {
              own = own.become(config.raftFolder(), standing, metLife + 1);
              boolean joins = standing != Standing.MEMBER;
              if (joins) {
                roll.clear(); // what others that are new have said is worth nothing now
              }
              return joins;
            })
        .onSuccess(mayOpen::tryComplete)
        .onFailure(mayOpen::tryFail);
  }

  /** Another incarnation of this node took part; it is taken out before this one comes in. */
  private void leave() {
    greetAll(Step.LEAVE)
        .onSuccess(
            told -> {
              notice(
                  told.any(Verdict.ALIVE)
                      ? "was lost, but two processes may run under its id: stop one of them"
                      : "was lost; it opens when enough others say that the incarnation before is"
                          + " gone from the voters, which takes a leader",
                  told);
              later(PAUSE_MS, this::round);
            })
        .onFailure(this::again);
  }

  private void notice(String what, GreetingCount told) {
    if (rounds++ % ROUNDS_PER_NOTICE == FIRST_NOTICE) {
      LOG.warn(
          "the log of node {} {}; it knows of {}, they say {}{}",
          config.nodeId(),
          what,
          membership.now().all().stream().map(Member::id).toList(),
          told,
          asking.silence().isEmpty() ? "" : "; and: " + asking.silence());
    }
  }

  private void afterOpening() {
    RatisLog open = log;
    if (closed || open == null || open.stopped().isDone()) {
      return;
    }
    Incarnation me = own;
    boolean joining = me.standing() != Standing.MEMBER;
    Map<String, Future<Optional<GreetingAnswer>>> asked =
        asking.ask(joining ? Step.JOIN : Step.HELLO, me);
    onOldCopy(List.copyOf(asked.values()), () -> open.fail(OLD_COPY));
    asking
        .counted(asked, me)
        .compose(told -> joining ? joined(told) : goOn(told))
        .onComplete(
            done -> {
              boolean settled = done.succeeded() && done.result();
              later(settled ? MEMBER_PAUSE_MS : PAUSE_MS, this::afterOpening);
            });
  }

  private Future<Boolean> joined(GreetingCount told) {
    if (!told.any(Verdict.MEMBER)) {
      if (told.any(Verdict.GONE)) {
        notice("waits to be added: run 'mesohub node add' with its configuration", told);
      }
      return Future.succeededFuture(false);
    }
    LOG.info("node {} votes", config.nodeId());
    return vertx.executeBlocking(
        () -> {
          own = own.become(config.raftFolder(), Standing.MEMBER, own.life());
          return false; // the others are told at once
        });
  }

  /** Asks to be taken in where it is no voter although a member. */
  private Future<Boolean> goOn(GreetingCount told) {
    return told.isGone() && !told.any(Verdict.FORGOTTEN)
        ? greetAll(Step.JOIN).map(false)
        : Future.succeededFuture(true);
  }

  private void later(long millis, Runnable action) {
    if (!closed) {
      vertx.setTimer(millis, timer -> action.run());
    }
  }

  /** Asks all and notes who answers. */
  private Future<GreetingCount> greetAll(Step step) {
    Incarnation me = own;
    return asking.counted(asking.ask(step, me), me);
  }

  static ByteString bytes(UUID id) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }

  static UUID id(ByteString id) {
    ByteBuffer bytes = id.asReadOnlyByteBuffer();
    if (bytes.remaining() != 2 * Long.BYTES) {
      throw new IllegalArgumentException("an incarnation of " + bytes.remaining() + " bytes");
    }
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
