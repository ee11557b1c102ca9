package org.mesohub.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.Rosters;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.mesohub.proto.internal.v1.Greeting;
import org.mesohub.proto.internal.v1.Greeting.Standing;
import org.mesohub.proto.internal.v1.Greeting.Step;
import org.mesohub.proto.internal.v1.GreetingAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Greets all others at once, and remembers who they are and whom they know. Threading: any. */
final class GreetingRound {
  private static final Logger LOG = LoggerFactory.getLogger(GreetingRound.class);

  private final Vertx vertx;
  private final RaftConfig config;
  private final PeerCalls calls;
  private final Membership membership;
  private final Roll roll;
  private volatile String silence = "";

  GreetingRound(Vertx vertx, RaftConfig config, RaftConfig.Peers peers, Roll roll) {
    this.vertx = vertx;
    this.config = config;
    this.calls = peers.calls();
    this.membership = peers.membership();
    this.roll = roll;
  }

  /** Why one of those that did not answer last did not; empty when all did. */
  String silence() {
    return silence;
  }

  /** Asks all; each completes, with nothing where there is no answer. */
  Map<String, Future<Optional<GreetingAnswer>>> ask(Step step, Incarnation me) {
    var greeting =
        Greeting.newBuilder()
            .setNode(config.nodeId())
            .setIncarnation(Greetings.bytes(me.id()))
            .setStep(step)
            .setStanding(me.standing())
            .setLife(me.life());
    if (me.standing() == Standing.NEW) {
      config.voters().forEach(voter -> greeting.addVoters(voter.id()));
    }
    byte[] message = greeting.build().toByteArray();
    silence = "";
    Map<String, Future<Optional<GreetingAnswer>>> asked = new LinkedHashMap<>();
    for (Member peer : membership.now().others()) {
      CompletableFuture<Optional<GreetingAnswer>> answer =
          calls.greet(peer.id(), message).handle(this::parsed);
      asked.put(peer.id(), Future.fromCompletionStage(answer, vertx.getOrCreateContext()));
    }
    return asked;
  }

  /** Who has answered when all have or are silent, noted durably. */
  Future<GreetingCount> counted(
      Map<String, Future<Optional<GreetingAnswer>>> asked, Incarnation me) {
    return Future.join(new ArrayList<>(asked.values())).compose(all -> noted(asked, me));
  }

  /** Who has answered until now, noted durably. */
  Future<GreetingCount> noted(Map<String, Future<Optional<GreetingAnswer>>> asked, Incarnation me) {
    Map<String, GreetingAnswer> told = new LinkedHashMap<>();
    asked.forEach(
        (peer, future) -> {
          if (future.succeeded()) {
            future.result().ifPresent(answer -> told.put(peer, answer));
          }
        });
    return vertx.executeBlocking(() -> note(told, me));
  }

  /**
   * Notes members that were not met before, and while this node is new itself others that are: the
   * word of a new one is worth nothing where there was a log. And whom they know.
   */
  private GreetingCount note(Map<String, GreetingAnswer> told, Incarnation me) throws IOException {
    for (Map.Entry<String, GreetingAnswer> one : told.entrySet()) {
      GreetingAnswer answer = one.getValue();
      boolean reliable =
          answer.getStanding() == Standing.MEMBER
              || answer.getStanding() == Standing.ADDED
              || (answer.getStanding() == Standing.NEW && me.standing() == Standing.NEW);
      if (reliable) {
        roll.meetLater(one.getKey(), Greetings.id(answer.getIncarnation()), answer.getLife());
      }
      if (answer.getCurrent()) {
        heardOf(answer);
      }
    }
    return new GreetingCount(config.nodeId(), told);
  }

  private void heardOf(GreetingAnswer answer) {
    try {
      if (answer.getMembersEpoch() > 0) {
        membership.heardOf(Rosters.of(answer.getMembersEpoch(), answer.getMembersList()));
      } else {
        membership.heardOf(answer.getMembersList().stream().map(Rosters::fromProto).toList());
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("members that another node tells of are left out", e);
    }
  }

  private Optional<GreetingAnswer> parsed(byte[] answer, @Nullable Throwable failure) {
    if (failure != null) {
      silence = String.valueOf(failure.getMessage());
      return Optional.empty();
    }
    try {
      GreetingAnswer parsed = GreetingAnswer.parseFrom(answer);
      return parsed.getIncarnation().size() == 2 * Long.BYTES
          ? Optional.of(parsed)
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
