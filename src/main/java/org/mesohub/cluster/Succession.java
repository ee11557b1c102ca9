package org.mesohub.cluster;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has a leader succeeded at once when its process has ended, rather than after the silence that
 * Ratis waits for. Whoever sees it end asks the other voters; when a majority finds the same and
 * nobody still reaches that leader, the one of them whose log is furthest stands for election. This
 * takes the place of Ratis' round before the vote: nobody who can reach the leader is disturbed.
 * Where it does not come to that, the silence still counts.
 *
 * <p>Threading: any.
 */
final class Succession implements Closeable {
  /** The place of this node among the voters. */
  interface Seat {
    long term();

    /** Whom it follows; empty when it follows nobody. */
    String leader();

    Standing standing();

    /** Stands for election after a leader that has ended; may block. */
    void stand(String leader);
  }

  /** Answers that come later are not waited for, if there are enough. */
  private static final long WAIT_MS = 100;

  private static final byte NO = 0;
  private static final byte GONE = 1;

  private final String selfId;
  private final PeerCalls calls;
  private final Supplier<List<Set<String>>> electorates;
  private final Seat seat;
  private final Executor elections;
  private final AtomicBoolean out = new AtomicBoolean();

  /** Term in which this node has asked because another one did. */
  private final AtomicLong heardTerm = new AtomicLong(-1);

  /**
   * @param electorates voters; two sets while a change of them is under way, each of which elects
   * @param elections where this node stands for election
   */
  Succession(
      String selfId,
      PeerCalls calls,
      Supplier<List<Set<String>>> electorates,
      Seat seat,
      Executor elections) {
    this.selfId = selfId;
    this.calls = calls;
    this.electorates = electorates;
    this.seat = seat;
    this.elections = elections;
    calls.answerSuspicions(this::answer);
    calls.onGone(this::gone);
  }

  /** The process of a node has ended. */
  void gone(String peer) {
    long term = seat.term();
    if (seat.leader().equals(peer) && out.compareAndSet(false, true)) {
      try {
        ask(peer, term).whenComplete((stood, failure) -> out.set(false));
      } catch (RuntimeException e) { // the log is closing; silence still counts
        out.set(false);
        throw e;
      }
    }
  }

  private CompletableFuture<Void> ask(String leader, long term) {
    List<Set<String>> voters = electorates.get();
    Set<String> others = new HashSet<>();
    voters.forEach(others::addAll);
    others.remove(leader);
    if (!others.remove(selfId)) {
      return CompletableFuture.completedFuture(null);
    }
    byte[] question = question(leader, term);
    var answers = new Answers(voters);
    CompletableFuture<?>[] all =
        others.stream()
            .map(
                id ->
                    calls
                        .suspect(id, question)
                        .handle((answer, failure) -> answers.add(id, answer)))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all)
        .completeOnTimeout(null, WAIT_MS, TimeUnit.MILLISECONDS)
        .thenRunAsync(
            () -> {
              if (answers.elect(seat.standing())
                  && seat.term() == term
                  && seat.leader().equals(leader)) {
                seat.stand(leader);
              }
            },
            elections);
  }

  private CompletableFuture<byte[]> answer(byte[] question) {
    ByteBuffer in = ByteBuffer.wrap(question);
    long term = in.getLong();
    String leader = StandardCharsets.UTF_8.decode(in).toString();
    String followed = seat.leader();
    if (seat.term() != term || !(followed.isEmpty() || followed.equals(leader))) {
      return CompletableFuture.completedFuture(new byte[] {NO});
    }
    return calls
        .isGone(leader)
        .thenApply(
            gone -> {
              if (!gone) {
                return new byte[] {NO};
              }
              if (heardTerm.getAndSet(term) != term) {
                gone(leader);
              }
              ByteBuffer answer = ByteBuffer.allocate(1 + Standing.BYTES).put(GONE);
              seat.standing().write(answer);
              return answer.array();
            });
  }

  private static byte[] question(String leader, long term) {
    byte[] id = leader.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + id.length).putLong(term).put(id).array();
  }

  /** What the others say. */
  static final class Answers {
    private final List<Set<String>> electorates;

    // Guarded by this.
    private final Map<String, Standing> gone = new HashMap<>();
    private boolean denied;

    Answers(List<Set<String>> electorates) {
      this.electorates = electorates;
    }

    /**
     * Takes an answer in.
     *
     * @param answer null when there is none
     */
    synchronized @Nullable Void add(String id, byte @Nullable [] answer) {
      if (answer == null) {
        return null;
      }
      if (answer.length == 1 + Standing.BYTES && answer[0] == GONE) {
        gone.put(id, Standing.read(ByteBuffer.wrap(answer).position(1), id));
      } else {
        denied = true;
      }
      return null;
    }

    /** Whether all that have answered, a majority with this node, would elect it. */
    synchronized boolean elect(Standing mine) {
      return !denied
          && gone.values().stream().allMatch(other -> other.compareTo(mine) < 0)
          && electorates.stream().allMatch(voters -> isMajority(voters, mine.id()));
    }

    private boolean isMajority(Set<String> voters, String self) {
      long agree = voters.stream().filter(id -> id.equals(self) || gone.containsKey(id)).count();
      return 2 * agree > voters.size();
    }
  }

  @Override
  public void close() {
    calls.onGone(null);
    calls.answerSuspicions(null);
  }
}
