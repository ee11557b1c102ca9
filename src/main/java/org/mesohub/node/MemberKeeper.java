package org.mesohub.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.ClusterApi;
import org.mesohub.catalog.Rosters;
import org.mesohub.catalog.Snapshots;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.cluster.LogException;
import org.mesohub.cluster.RaftConfig.Voter;
import org.mesohub.cluster.RatisLog;
import org.mesohub.placement.Member;
import org.mesohub.placement.Membership;
import org.mesohub.placement.Roster;
import org.mesohub.proto.internal.v1.Applied;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who takes part. What is wanted stands in the catalogue's {@link Roster}; the leader, whichever it
 * is, makes the voters so, one step at a time:
 *
 * <pre>
 *   add:    listed ─ the node greets (Greetings), catches up ─► votes
 *   remove: listed as leaving ─ its chunks are on others ─► no voter ─► not listed
 * </pre>
 *
 * <p>All members know of a new one before it can vote, and of one that goes until it no longer
 * does. Methods block.
 */
final class MemberKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemberKeeper.class);

  private static final long TURN_MS = 500;

  /** Longest wait for a change of voters, whose outcome is looked at again anyway. */
  private static final long CHANGE_MS = 10_000;

  /** A voter that has answered the leader within this time runs, milliseconds. */
  private static final long ALIVE_MS = 3_000;

  /** Pause after an attempt to hand over, in which puts go on. */
  private static final long HAND_OVER_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Membership membership;
  private final RatisLog log;
  private final CatalogueLog catalogue;
  private final Supplier<Optional<String>> lacking;
  private final IntSupplier featureLevel;
  private final boolean plaintext;
  private volatile long handedOverNanos = System.nanoTime() - HAND_OVER_PAUSE_NANOS;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var t = new Thread(work, "mesohub-members");
            t.setDaemon(true);
            return t;
          });

  /**
   * @param lacking why the chunks of members that leave are not all on others yet, as the leader's
   *     repair has found; empty when they are
   * @param featureLevel lowest of all members; 0 while some has not told
   * @param plaintext whether members do not prove who they are, which is for loopback only
   */
  MemberKeeper(
      Membership membership,
      RatisLog log,
      CatalogueLog catalogue,
      Supplier<Optional<String>> lacking,
      IntSupplier featureLevel,
      boolean plaintext) {
    this.membership = membership;
    this.log = log;
    this.catalogue = catalogue;
    this.lacking = lacking;
    this.featureLevel = featureLevel;
    this.plaintext = plaintext;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::turn, TURN_MS, TURN_MS, TimeUnit.MILLISECONDS);
  }

  private void turn() {
    try {
      if (log.reign() > 0) {
        step();
      }
    } catch (LogException | ApiException e) {
      LOG.debug("a change of members waits: {}", e.toString());
    } catch (Throwable e) { // a task that throws is never run again
      if (!Thread.currentThread().isInterrupted()) {
        LOG.warn("a change of members failed and is tried again", e);
      }
    }
  }

  private void step() {
    Roster roster = catalogue.state().roster();
    if (roster.isNone()) {
      begin();
      return;
    }
    for (String voter : log.status().voters()) {
      Optional<Member> member = roster.member(voter);
      boolean stays = member.isPresent() && !roster.leaving().contains(voter);
      if (stays) {
        if (log.admin().hasOtherPriority(voter, member.get().contact())) {
          await(log.admin().add(new Voter(voter, member.get().contact())));
          return;
        }
      } else if (whyStays(voter, member.isEmpty()).isEmpty()) {
        takeOut(voter);
        return;
      }
    }
    for (String id : roster.leaving()) {
      if (!log.admin().hasVoter(id) && lacking.get().isEmpty()) {
        become(roster.without(id));
        LOG.info("node {} is no member any more", id);
        return;
      }
    }
  }

  /** The configured members are the first ones, once all that vote understand that. */
  private void begin() {
    List<Member> configured = membership.now().all();
    List<String> ids = configured.stream().map(Member::id).toList();
    if (featureLevel.getAsInt() >= Snapshots.FEATURE_LEVEL
        && ids.containsAll(log.status().voters())) {
      become(Roster.first(configured));
    }
  }

  /** Why a voter that is to leave cannot yet; empty when it can. */
  private Optional<String> whyStays(String id, boolean force) {
    Optional<String> chunks = force ? Optional.empty() : lacking.get();
    if (chunks.isPresent()) {
      return chunks;
    }
    if (!log.admin().staysAlive(id, log.progress(), ALIVE_MS)) {
      return Optional.of(
          "of the members that would be left too few answer for a majority; start them first");
    }
    return id.equals(membership.now().selfId())
            && !log.admin().hasSuccessor(membership.now().leaving())
        ? Optional.of(
            "it leads, and no other member that clients can reach and that stays answers; start one")
        : Optional.empty();
  }

  private void takeOut(String id) {
    if (id.equals(membership.now().selfId())) {
      if (System.nanoTime() - handedOverNanos > HAND_OVER_PAUSE_NANOS) {
        LOG.info("this node is to be taken out: another one leads first");
        await(log.admin().handOver(membership.now().leaving()));
        handedOverNanos = System.nanoTime();
      }
      return;
    }
    LOG.info("taking out node {}", id);
    await(log.admin().remove(id));
  }

  ClusterApi.Change add(Member node) {
    Roster roster = agreed();
    if (plaintext && !node.isLoopback()) {
      throw invalid(
          "the members talk in plain text, which is for loopback addresses only: give all of them"
              + " certificates first (mesohub cert)");
    }
    Member listed = roster.member(node.id()).orElse(null);
    if (!node.equals(listed) || roster.leaving().contains(node.id())) {
      become(changed(() -> roster.with(node)));
      LOG.info("node {} is a member", node);
    }
    if (!log.admin().hasVoter(node.id())) {
      return new ClusterApi.Change(
          false,
          "node "
              + node.id()
              + " is listed; it votes when it runs and has caught up (commit index "
              + log.status().commitIndex()
              + ")");
    }
    return new ClusterApi.Change(true, "node " + node.id() + " is a member and votes");
  }

  ClusterApi.Change remove(String id, boolean force) {
    Roster roster = agreed();
    if (roster.member(id).isEmpty()) {
      throw new ApiException(
          ApiException.Reason.NOT_FOUND,
          "there is no member "
              + id
              + "; members are "
              + roster.all().stream().map(Member::id).toList());
    }
    if (!roster.leaving().contains(id)) {
      become(changed(() -> roster.leaving(id)));
      LOG.info("node {} is to be taken out", id);
    }
    boolean votes = log.admin().hasVoter(id);
    Optional<String> why = votes ? whyStays(id, force) : lacking.get().filter(chunks -> !force);
    if (why.isPresent()) {
      return new ClusterApi.Change(false, why.get());
    }
    if (force && votes) {
      takeOut(id);
    } else if (force) {
      become(catalogue.state().roster().without(id));
    }
    return new ClusterApi.Change(
        false, votes ? "the voters change" : "node " + id + " votes no more");
  }

  private Roster agreed() {
    Roster roster = catalogue.state().roster();
    if (roster.isNone()) {
      throw new ApiException(
          ApiException.Reason.UNAVAILABLE,
          "the members have not agreed on who they are yet: all must run this release and have"
              + " answered once; see status, then try again");
    }
    return roster;
  }

  private static Roster changed(Supplier<Roster> change) {
    try {
      return change.get();
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static ApiException invalid(String why) {
    return new ApiException(ApiException.Reason.INVALID, why);
  }

  private void become(Roster next) {
    Applied answer = catalogue.propose(Rosters.entry(next));
    if (answer.hasRefused()) {
      throw invalid(answer.getRefused().getMessage());
    }
    if (answer.hasConflict()) {
      throw new ApiException(
          ApiException.Reason.UNAVAILABLE, answer.getConflict().getWhat() + "; try again");
    }
  }

  /** Waits for a change of voters, for a while; what came of it is seen in the voters. */
  private static void await(CompletableFuture<@Nullable Void> change) {
    try {
      change.get(CHANGE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("a change of voters is not done yet, it is looked at again: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
