package org.mesohub.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.mesohub.cluster.LeaderChange;
import org.mesohub.cluster.RatisLog;
import org.mesohub.grpc.Leadership;
import org.mesohub.grpc.StaleBound;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;

/** Who leads, as the log of this node knows, and how it came about. Thread-safe. */
final class LogLeadership implements Leadership, StaleBound {
  /** Changes of leader that are remembered. */
  private static final int HISTORY_MAX = 100;

  /** Pause between two looks for a leader, milliseconds. */
  private static final long LOOK_MS = 10;

  /** Time on the way, and in which a leader that is cut off may not know it yet. */
  private static final long UNCERTAINTY_MS = 1_000;

  /**
   * A leader that took office.
   *
   * @param nodeId id of the leader
   * @param micros when this node learned of it, microseconds since 1970
   */
  record Term(long term, String nodeId, long micros) {}

  private final Vertx vertx;
  private final Membership membership;
  private final RatisLog log;
  private final Deque<Term> history = new ArrayDeque<>();

  LogLeadership(Vertx vertx, Membership membership, RatisLog log) {
    this.vertx = vertx;
    this.membership = membership;
    this.log = log;
    log.onLeader(this::changed);
  }

  private void changed(LeaderChange change) {
    synchronized (history) {
      Term last = history.peekLast();
      if (change.leaderId().isEmpty()
          || (last != null
              && last.term == change.term()
              && last.nodeId.equals(change.leaderId()))) {
        return;
      }
      history.add(new Term(change.term(), change.leaderId(), WallClock.micros()));
      if (history.size() > HISTORY_MAX) {
        history.remove();
      }
    }
  }

  /** Leaders since this node started, oldest first. */
  List<Term> history() {
    synchronized (history) {
      return new ArrayList<>(history);
    }
  }

  @Override
  public Optional<Member> leader() {
    String id = log.status().leaderId();
    // One that has not applied everything acknowledged before it yet answers nobody.
    Members members = membership.now();
    return id.equals(members.selfId()) && !isSelf() ? Optional.empty() : members.member(id);
  }

  @Override
  public boolean isSelf() {
    return log.reign() > 0;
  }

  @Override
  public Future<Void> awaitKnown(Duration patience) {
    if (leader().isPresent()) {
      return Future.succeededFuture();
    }
    Promise<Void> known = Promise.promise();
    long deadline = System.nanoTime() + patience.toNanos();
    vertx.setPeriodic(
        LOOK_MS,
        timer -> {
          if (leader().isPresent()) {
            vertx.cancelTimer(timer);
            known.tryComplete();
          } else if (System.nanoTime() > deadline) {
            vertx.cancelTimer(timer);
            known.tryFail("no leader in " + patience.toMillis() + " ms");
          }
        });
    return known.future();
  }

  /**
   * A leader whose message came in time led when it sent it, or shortly before: it steps down when
   * it has not heard from a majority for its election timeout.
   */
  @Override
  public boolean within(Duration age) {
    if (isSelf()) {
      return true;
    }
    var contact = log.progress().leaderContactMillis();
    var status = log.status();
    return !status.leaderId().isEmpty()
        && contact.isPresent()
        && contact.getAsLong() + UNCERTAINTY_MS <= age.toMillis()
        && status.appliedIndex() >= status.commitIndex();
  }
}
