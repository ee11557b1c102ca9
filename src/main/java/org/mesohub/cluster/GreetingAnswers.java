package org.mesohub.cluster;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.cluster.RaftConfig.Voter;
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
  private final Roll roll;
  private final Supplier<Incarnation> own;
  private final Supplier<@Nullable RatisLog> log;
  private final AtomicBoolean changing = new AtomicBoolean();

  /**
   * @param log null while it is not open
   */
  GreetingAnswers(
      RaftConfig config, Roll roll, Supplier<Incarnation> own, Supplier<@Nullable RatisLog> log) {
    this.config = config;
    this.roll = roll;
    this.own = own;
    this.log = log;
  }

  byte[] answer(byte[] message) {
    Verdict verdict;
    try {
      verdict = verdict(Greeting.parseFrom(message));
    } catch (IOException e) {
      LOG.warn("a greeting has no answer", e); // the roll cannot be written, as a rule
      verdict = Verdict.UNKNOWN;
    }
    Incarnation me = own.get();
    return GreetingAnswer.newBuilder()
        .setVerdict(verdict)
        .setIncarnation(Greetings.bytes(me.id()))
        .setStanding(me.standing())
        .build()
        .toByteArray();
  }

  private synchronized Verdict verdict(Greeting greeting) throws IOException {
    String node = greeting.getNode();
    UUID incarnation = Greetings.id(greeting.getIncarnation());
    RatisLog open = log.get();
    if (open != null && open.failure().isPresent()) {
      return Verdict.UNKNOWN; // what it knows is of the moment when it failed
    }
    return switch (greeting.getStep()) {
      case HELLO -> hello(open, node, incarnation, greeting.getStanding());
      case LEAVE -> leave(open, node);
      case JOIN -> join(open, node, incarnation);
      case UNRECOGNIZED -> Verdict.UNKNOWN;
    };
  }

  private Verdict hello(@Nullable RatisLog open, String node, UUID incarnation, Standing standing)
      throws IOException {
    Optional<UUID> met = roll.met(node);
    boolean other = met.isPresent() && !met.get().equals(incarnation);
    Set<String> voters = open == null ? Set.of() : voters(open);
    if (!voters.isEmpty() && !voters.contains(node)) {
      if (standing == Standing.MEMBER) {
        return other ? Verdict.FORGOTTEN : Verdict.GONE;
      }
      roll.meet(node, incarnation);
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
    if (met.isEmpty() && voters.isEmpty() && own.get().standing() != Standing.NEW) {
      return Verdict.UNKNOWN;
    }
    roll.meet(node, incarnation);
    return Verdict.WELCOME;
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

  private Verdict join(@Nullable RatisLog open, String node, UUID incarnation) throws IOException {
    if (open == null || open.reign() == 0) {
      return Verdict.NOT_LEADER;
    }
    List<Set<String>> electorates = open.admin().electorates();
    if (electorates.stream().anyMatch(voters -> voters.contains(node))) {
      if (electorates.size() > 1) {
        return Verdict.UNDER_WAY;
      }
      roll.meet(node, incarnation);
      return Verdict.MEMBER;
    }
    Optional<Voter> voter =
        config.voters().stream().filter(configured -> configured.id().equals(node)).findFirst();
    if (voter.isEmpty()) {
      return Verdict.GONE;
    }
    roll.meet(node, incarnation);
    return change("taking in node " + node, () -> open.admin().add(voter.get()));
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
