package org.mesohub.replication;

import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.mesohub.placement.Member;

/**
 * How the stores of all members do, asked once a second. Members that do not answer keep what they
 * said last: that they are down for a while does not move their chunks. Thread-safe.
 */
public final class MemberStats implements Holders, AutoCloseable {
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
  private final LocalChunks local;
  private final ChunkPeers peers;
  private final Supplier<? extends Collection<Member>> holders;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final long timer;

  /**
   * @param holders those that are to hold chunks
   */
  public MemberStats(
      Vertx vertx,
      Supplier<? extends Collection<Member>> holders,
      LocalChunks local,
      ChunkPeers peers) {
    this.vertx = vertx;
    this.holders = holders;
    this.local = local;
    this.peers = peers;
    this.timer = vertx.setPeriodic(0, PERIOD_MS, turn -> askAll());
  }

  private void askAll() {
    ask(local);
    peers.all().forEach(this::ask);
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

  @Override
  public Collection<Member> all() {
    return holders.get();
  }

  @Override
  public Collection<Member> taking() {
    return holders.get().stream().filter(member -> of(member).stat.takesChunks()).toList();
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
