package org.mesohub.cluster;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.Rosters;
import org.mesohub.cluster.RaftConfig.Voter;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.proto.internal.v1.Greeting;
import org.mesohub.proto.internal.v1.Greeting.Standing;
import org.mesohub.proto.internal.v1.GreetingAnswer;
import org.mesohub.proto.internal.v1.GreetingAnswer.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node says of another one that greets it, and as the leader does for it: see {@link
 * Greetings}. Called by one thread at a time, which it blocks.
 */
final class GreetingAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(GreetingAnswers.class);

  /** A voter that has answered the leader within this time runs, milliseconds. */
  private static final long ALIVE_MS = 3_000;

  private final RaftConfig config;
  private final Membership membership;
  private final Roll roll;
  private final Supplier<Incarnation> own;
  private final Supplier<@Nullable RatisLog> log;
  private final AtomicBoolean changing = new AtomicBoolean();

  /**
   * @param log null while it is not open
   */
  GreetingAnswers(
      RaftConfig config,
      Membership membership,
      Roll roll,
      Supplier<Incarnation> own,
      Supplier<@Nullable RatisLog> log) {
    this.config = config;
    this.membership = membership;
    this.roll = roll;
    this.own = own;
    this.log = log;
  }

  byte[] answer(byte[] message) {
    Verdict verdict = Verdict.UNKNOWN;
    long metLife = 0;
    try {
      Greeting greeting = Greeting.parseFrom(message);
      verdict = verdict(greeting);
      metLife = metLife(greeting, verdict);
    } catch (IOException e) {
      LOG.warn("a greeting has no answer", e); // the roll cannot be written, as a rule
    }
    Incarnation me = own.get();
    RatisLog open = log.get();
    Members members = membership.now();
    return GreetingAnswer.newBuilder()
        .setVerdict(verdict)
        .setIncarnation(Greetings.bytes(me.id()))
        .setStanding(me.standing())
        .setLife(me.life())
        .setMetLife(metLife)
        .setCurrent(open != null && isCurrent(open))
        .setMembersEpoch(membership.epoch())
        .addAllVoters(open == null ? configured() : voters(open))
        .addAllMembers(
            members.all().stream()
                .map(m -> Rosters.toProto(m, members.leaving().contains(m.id())))
                .toList())
        .build()
        .toByteArray();
  }

  /** Who is FORGOTTEN without having been met has had a life that a lost roll knew of. */
  private long metLife(Greeting greeting, Verdict verdict) {
    long life = roll.met(greeting.getNode()).map(Roll.Met::life).orElse(0L);
    return verdict == Verdict.FORGOTTEN && greeting.getStanding() == Standing.NEW
        ? Math.max(1, life)
        : life;
  }

  /** Whether this node's log knows who votes now: it leads, or has heard from a leader lately. */
  private static boolean isCurrent(RatisLog open) {
    if (open.stopped().isDone()) {
      return false;
    }
    OptionalLong contact = open.progress().leaderContactMillis();
    return open.reign() > 0 || (contact.isPresent() && contact.getAsLong() < ALIVE_MS);
  }

  private Set<String> configured() {
    return config.voters().stream().map(Voter::id).collect(Collectors.toSet());
  }

  private synchronized Verdict verdict(Greeting greeting) throws IOException {
    String node = greeting.getNode();
    UUID incarnation = Greetings.id(greeting.getIncarnation());
    RatisLog open = log.get();
    if (open != null && open.stopped().isDone()) {
      return Verdict.UNKNOWN; // what it knows is of the moment when it failed
    }
    return switch (greeting.getStep()) {
      case HELLO -> hello(open, greeting, incarnation);
      case LEAVE -> leave(open, node);
      case JOIN -> join(open, node, incarnation, greeting.getLife());
      case UNRECOGNIZED -> Verdict.UNKNOWN;
    };
  }

  private Verdict hello(@Nullable RatisLog open, Greeting greeting, UUID incarnation)
      throws IOException {
    String node = greeting.getNode();
    Standing standing = greeting.getStanding();
    Optional<Roll.Met> met = roll.met(node);
    boolean other =
        met.isPresent()
            && !met.get().id().equals(incarnation)
            && greeting.getLife() <= met.get().life();
    Set<String> voters = open == null ? Set.of() : voters(open);
    if (open != null && !voters.isEmpty() && !voters.contains(node)) {
      if (!isCurrent(open)) {
        return Verdict.UNKNOWN;
      }
      if (standing == Standing.MEMBER) {
        return other ? Verdict.FORGOTTEN : Verdict.GONE;
      }
      roll.meet(node, incarnation, greeting.getLife());
      return Verdict.GONE;
    }
    // A log with something in it, whose roll may have been lost, has seen every voter vote.
    boolean late =
        met.isEmpty()
            && standing == Standing.NEW
            && open != null
            && !voters.isEmpty()
            && open.admin().hasEntries();
    if (other || late) {
      return Verdict.FORGOTTEN;
    }
    if (isUnlike(greeting, voters)) {
      return Verdict.UNLIKE;
    }
    if (met.isEmpty() && voters.isEmpty() && own.get().standing() != Standing.NEW) {
      return Verdict.UNKNOWN;
    }
    roll.meet(node, incarnation, greeting.getLife());
    return Verdict.WELCOME;
  }

  /** Whether a new node is configured for another group than the one it would begin with us. */
  private boolean isUnlike(Greeting greeting, Set<String> voters) {
    Set<String> here =
        voters.isEmpty() && own.get().standing() == Standing.NEW ? configured() : voters;
    return greeting.getStanding() == Standing.NEW
        && greeting.getVotersCount() > 0
        && !here.isEmpty()
        && !here.equals(new HashSet<>(greeting.getVotersList()));
  }

  /** All that vote in any of the electorates; empty while none is known. */
  private static Set<String> voters(RatisLog open) {
    var all = new HashSet<String>();
    open.admin().electorates().forEach(all::addAll);
    return all;
  }

  /** Asked by a node whose log is not open. */
  private Verdict leave(@Nullable RatisLog open, String node) {
    if (open == null || open.reign() == 0) {
      return Verdict.NOT_LEADER;
    }
    if (!voters(open).contains(node)) {
      return Verdict.GONE;
    }
    Progress.Follower follower = open.progress().followers().get(node);
    if (follower == null) {
      return Verdict.UNDER_WAY; // members just changed
    }
    if (follower.contactMillis() < ALIVE_MS) {
      return Verdict.ALIVE;
    }
    return change(
        "taking out the lost incarnation of node " + node, () -> open.admin().remove(node));
  }

  private Verdict join(@Nullable RatisLog open, String node, UUID incarnation, long life)
      throws IOException {
    Optional<Roll.Met> met = roll.met(node);
    if (met.isPresent() && !met.get().id().equals(incarnation) && life <= met.get().life()) {
      return Verdict.FORGOTTEN;
    }
    roll.meetLater(node, incarnation, life);
    if (open == null || open.reign() == 0) {
      return Verdict.NOT_LEADER;
    }
    List<Set<String>> electorates = open.admin().electorates();
    if (electorates.stream().anyMatch(voters -> voters.contains(node))) {
      if (electorates.size() > 1) {
        return Verdict.UNDER_WAY;
      }
      roll.meet(node, incarnation, life);
      return Verdict.MEMBER;
    }
    Optional<Member> member =
        membership.now().staying().stream().filter(one -> one.id().equals(node)).findFirst();
    if (member.isEmpty()) {
      return Verdict.GONE;
    }
    roll.meet(node, incarnation, life);
    var voter = new Voter(node, member.get().contact());
    return change("taking in node " + node, () -> open.admin().add(voter));
  }

  private interface Change {
    CompletableFuture<Void> begin();
  }

  private Verdict change(String what, Change change) {
    if (changing.compareAndSet(false, true)) {
      LOG.info("{}", what);
      CompletableFuture<Void> begun;
      try {
        begun = change.begin();
      } catch (RuntimeException e) {
        begun = CompletableFuture.failedFuture(e);
      }
      begun.whenComplete(
          (done, failure) -> {
            changing.set(false);
            if (failure != null) {
              LOG.warn("{}: not done yet, it is tried again: {}", what, failure.toString());
            }
          });
    }
    return Verdict.UNDER_WAY;
  }
}
