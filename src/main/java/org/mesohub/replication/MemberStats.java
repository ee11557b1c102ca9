package org.mesohub.replication;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.mesohub.placement.Member;

/**
 * How the stores of all members do, asked once a second. Members that do not answer keep what they
 * said last: that they are down for a while does not move their chunks. Thread-safe.
 */
public final class MemberStats implements AutoCloseable {
  private static final long PERIOD_MS = 1_000;

  /** A member that has not answered for this long is told as not answering, milliseconds. */
  private static final long SILENCE_MS_MAX = 3_000;

  /** What a member is taken for that has not answered yet. */
  private static final ReplicaStat UNKNOWN = new ReplicaStat(-1, -1, 0, true, "");

  /**
   * What is known of a member's store.
   *
   * @param answers whether it has answered lately
   */
  public record Known(ReplicaStat stat, boolean answers) {}

  private record Answer(ReplicaStat stat, long nanos) {}

  private final Vertx vertx;
  private final List<Replica> replicas;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final long timer;

  public MemberStats(Vertx vertx, LocalChunks local, ChunkPeers peers) {
    this.vertx = vertx;
    this.replicas = Stream.concat(Stream.of(local), peers.all().stream()).toList();
    this.timer = vertx.setPeriodic(0, PERIOD_MS, turn -> replicas.forEach(this::ask));
  }

  private void ask(Replica replica) {
    replica
        .stat()
        .onSuccess(stat -> answers.put(replica.member().id(), new Answer(stat, System.nanoTime())));
  }

  /** What is known of a member. */
  public Known of(Member member) {
    Answer answer = answers.get(member.id());
    return answer == null
        ? new Known(UNKNOWN, false)
        : new Known(answer.stat, System.nanoTime() - answer.nanos < SILENCE_MS_MAX * 1_000_000);
  }

  /** Members that take new chunks: all but those that are full. */
  public Collection<Member> takers() {
    Collection<Member> takers = new ArrayList<>();
    for (Replica replica : replicas) {
      if (of(replica.member()).stat.takesChunks()) {
        takers.add(replica.member());
      }
    }
    return takers;
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
