package org.mesohub.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mesohub.cluster.RaftConfig.Voter;
import org.mesohub.proto.internal.v1.Greeting;
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
 *   NEW ── n - quorum + 1 others welcome it, nobody objects ──────────► MEMBER ─► open
 *    │                                                                    ▲
 *    └─ LEAVE while somebody says FORGOTTEN ─ that many say GONE ─► JOINING ─► open as nobody's
 *                                                                    voter, JOIN until the leader
 *                                                                    says MEMBER
 * </pre>
 *
 * <p>Before its log opened, an earlier incarnation was met by {@code n - quorum + 1} others, and
 * any two such sets of others share a node, which has met both; one whose roll was lost objects to
 * whomever it has not met. See {@code docs/design/003-replicated-log.md}. What is asked of this
 * node is answered by {@link GreetingAnswers}.
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

  /** How often a wait is told of, in rounds. */
  private static final int ROUNDS_PER_NOTICE = 30;

  private static final String OLD_COPY =
      "a later incarnation of this node takes part: this folder is an old copy; remove it, and the"
          + " others take the node in anew";

  private final Vertx vertx;
  private final RaftConfig config;
  private final PeerCalls calls;
  private final Roll roll;
  private final GreetingAnswers answers;
  private final List<String> others;
  private final Promise<Boolean> mayOpen = Promise.promise();
  private volatile Incarnation own;
  private volatile @Nullable RatisLog log;
  private volatile boolean closed;
  private int rounds;

  /** Reads the folder: blocks. Answers the others from now on. */
  Greetings(Vertx vertx, RaftConfig config, PeerCalls calls) throws IOException {
    this.vertx = vertx;
    this.config = config;
    this.calls = calls;
    this.own =
        Incarnation.of(
            config.raftFolder(), config.raftFolder().resolve(config.groupId().toString()));
    this.roll = new Roll(config.raftFolder());
    this.others =
        config.voters().stream().map(Voter::id).filter(id -> !id.equals(config.nodeId())).toList();
    this.answers = new GreetingAnswers(config, roll, () -> own, () -> log);
    calls.answerGreetings(answers::answer);
  }

  /**
   * Completes when the log may open; true when it is to open as nobody's voter. Fails when the
   * folder must not be used.
   */
  Future<Boolean> mayOpen() {
    if (own.standing() == Standing.MEMBER) {
      List<Future<Optional<GreetingAnswer>>> asked = List.copyOf(ask(Step.HELLO).values());
      onOldCopy(asked, () -> mayOpen.tryFail(new IllegalStateException(OLD_COPY)));
      Future.join(asked)
          .timeout(OBJECTIONS_MS, TimeUnit.MILLISECONDS)
          .onComplete(answered -> mayOpen.tryComplete(false));
    } else {
      round();
    }
    return mayOpen.future();
  }

  /** Acts as soon as enough object: others may have missed that this incarnation was taken in. */
  private void onOldCopy(List<Future<Optional<GreetingAnswer>>> asked, Runnable action) {
    int enough = config.voters().size() - needed();
    int[] objections = new int[1];
    for (Future<Optional<GreetingAnswer>> one : asked) {
      one.onSuccess(
          answer -> {
            boolean objects = answer.isPresent() && answer.get().getVerdict() == Verdict.FORGOTTEN;
            if (objects && ++objections[0] == enough) {
              action.run();
            }
          });
    }
  }

  /** Goes on with what needs the log. */
  void opened(RatisLog opened) {
    log = opened;
    afterOpening();
  }

  void close() {
    closed = true;
    calls.answerGreetings(null);
    mayOpen.tryFail(new IllegalStateException("the node stops"));
  }

  /** How many others must have nothing against it. */
  private int needed() {
    int quorum = config.voters().size() / 2 + 1;
    return config.voters().size() - quorum + 1;
  }

  private void round() {
    if (closed) {
      return;
    }
    greetAll(Step.HELLO)
        .onSuccess(
            verdicts -> {
              int gone = verdicts.getOrDefault(Verdict.GONE, 0);
              int welcome = gone + verdicts.getOrDefault(Verdict.WELCOME, 0);
              if (gone >= needed()) {
                open(Standing.JOINING);
              } else if (verdicts.containsKey(Verdict.FORGOTTEN)) {
                leave();
              } else if (own.standing() == Standing.NEW && gone == 0 && welcome >= needed()) {
                open(Standing.MEMBER);
              } else {
                notice("has not been open before, so {} of {} must be met first", verdicts);
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
              own = own.become(config.raftFolder(), standing);
              if (standing == Standing.JOINING) {
                roll.clear(); // what others that are new have said is worth nothing now
              }
              return standing == Standing.JOINING;
            })
        .onSuccess(mayOpen::tryComplete)
        .onFailure(mayOpen::tryFail);
  }

  /** Another incarnation of this node took part; it is taken out before this one comes in. */
  private void leave() {
    greetAll(Step.LEAVE)
        .onSuccess(
            verdicts -> {
              notice(
                  verdicts.containsKey(Verdict.ALIVE)
                      ? "was lost, but two processes may run under its id, for {} of {} must say"
                          + " that the other one is gone; stop one of them"
                      : "was lost; it opens when {} of {} say that the incarnation before is gone"
                          + " from the voters, which takes a leader",
                  verdicts);
              later(PAUSE_MS, this::round);
            })
        .onFailure(this::again);
  }

  private void notice(String what, Map<Verdict, Integer> verdicts) {
    if (rounds++ % ROUNDS_PER_NOTICE == ROUNDS_PER_NOTICE / 3) {
      LOG.warn(
          "the log of node {} " + what + "; they say {}",
          config.nodeId(),
          needed(),
          others,
          verdicts);
    }
  }

  private void afterOpening() {
    RatisLog open = log;
    if (closed || open == null || open.failure().isPresent()) {
      return;
    }
    boolean joining = own.standing() == Standing.JOINING;
    Map<String, Future<Optional<GreetingAnswer>>> asked = ask(joining ? Step.JOIN : Step.HELLO);
    if (!joining) {
      onOldCopy(List.copyOf(asked.values()), () -> open.fail(OLD_COPY));
    }
    counted(asked)
        .compose(verdicts -> joining ? joined(verdicts) : goOn(verdicts))
        .onComplete(
            done -> {
              boolean settled = done.succeeded() && done.result();
              later(settled ? MEMBER_PAUSE_MS : PAUSE_MS, this::afterOpening);
            });
  }

  private Future<Boolean> joined(Map<Verdict, Integer> verdicts) {
    if (!verdicts.containsKey(Verdict.MEMBER)) {
      return Future.succeededFuture(false);
    }
    LOG.info("node {} votes again", config.nodeId());
    return vertx.executeBlocking(
        () -> {
          own = own.become(config.raftFolder(), Standing.MEMBER);
          return true;
        });
  }

  /** Asks to be taken in where it is no voter although a member. */
  private Future<Boolean> goOn(Map<Verdict, Integer> verdicts) {
    boolean lacking =
        verdicts.getOrDefault(Verdict.GONE, 0) >= needed()
            && !verdicts.containsKey(Verdict.FORGOTTEN);
    return lacking ? greetAll(Step.JOIN).map(false) : Future.succeededFuture(true);
  }

  private void later(long millis, Runnable action) {
    if (!closed) {
      vertx.setTimer(millis, timer -> action.run());
    }
  }

  /** Asks all and notes who answers; gives the verdicts by number. */
  private Future<Map<Verdict, Integer>> greetAll(Step step) {
    return counted(ask(step));
  }

  /** Asks all; each completes, with nothing where there is no answer. */
  private Map<String, Future<Optional<GreetingAnswer>>> ask(Step step) {
    Incarnation me = own;
    byte[] message =
        Greeting.newBuilder()
            .setNode(config.nodeId())
            .setIncarnation(bytes(me.id()))
            .setStep(step)
            .setStanding(me.standing())
            .build()
            .toByteArray();
    Map<String, Future<Optional<GreetingAnswer>>> asked = new LinkedHashMap<>();
    for (String peer : others) {
      CompletableFuture<Optional<GreetingAnswer>> answer =
          calls
              .greet(peer, message)
              .handle((bytes, failure) -> failure == null ? parsed(bytes) : Optional.empty());
      asked.put(peer, Future.fromCompletionStage(answer, vertx.getOrCreateContext()));
    }
    return asked;
  }

  private Future<Map<Verdict, Integer>> counted(
      Map<String, Future<Optional<GreetingAnswer>>> asked) {
    Incarnation me = own;
    return Future.join(new ArrayList<>(asked.values()))
        .compose(
            all -> {
              Map<String, GreetingAnswer> told = new LinkedHashMap<>();
              asked.forEach((peer, future) -> future.result().ifPresent(a -> told.put(peer, a)));
              return vertx.executeBlocking(() -> counted(told, me));
            });
  }

  /**
   * Notes members that were not met before, and while this node is new itself others that are: the
   * word of a new one is worth nothing where there was a log.
   */
  private Map<Verdict, Integer> counted(Map<String, GreetingAnswer> told, Incarnation me)
      throws IOException {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    for (Map.Entry<String, GreetingAnswer> one : told.entrySet()) {
      GreetingAnswer answer = one.getValue();
      counts.merge(answer.getVerdict(), 1, Integer::sum);
      boolean reliable =
          answer.getStanding() == Standing.MEMBER
              || (answer.getStanding() == Standing.NEW && me.standing() == Standing.NEW);
      if (reliable) {
        roll.meetFirst(one.getKey(), id(answer.getIncarnation()));
      }
    }
    return counts;
  }

  private static Optional<GreetingAnswer> parsed(byte[] answer) {
    try {
      GreetingAnswer parsed = GreetingAnswer.parseFrom(answer);
      return parsed.getIncarnation().size() == 2 * Long.BYTES
          ? Optional.of(parsed)
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
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
