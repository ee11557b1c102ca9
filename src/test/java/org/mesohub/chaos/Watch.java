package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;

/** Asks every node all the time how it does; keeps the last answers and who led in which term. */
final class Watch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;

  /** An answer older than this is none: frozen nodes say nothing new. */
  private static final long FRESH_NANOS = 2_000_000_000L;

  private record Answer(Members.Said said, long nanos) {}

  private final Members members;
  private final Map<Integer, Answer> last = new ConcurrentHashMap<>();
  private final Map<Long, Set<String>> leaders = new ConcurrentSkipListMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  Watch(Members members) {
    this.members = members;
    for (int i = 0; i < members.all().size(); i++) {
      int at = i;
      var thread = new Thread(() -> ask(at), "watch-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void ask(int at) {
    while (!closed) {
      Members.Said said = members.ask(at);
      last.put(at, new Answer(said, System.nanoTime()));
      if (said.leads()) {
        leaders
            .computeIfAbsent(said.status().getTerm(), term -> ConcurrentHashMap.newKeySet())
            .add(said.member().id());
      }
      pause(PERIOD_MILLIS);
    }
  }

  /** Number of the node that leads in the highest term, 0 when none is known. */
  int leader() {
    long now = System.nanoTime();
    int number = 0;
    long term = -1;
    for (Answer answer : last.values()) {
      Members.Said said = answer.said;
      boolean fresh = now - answer.nanos < FRESH_NANOS;
      if (fresh && said.leads() && said.status().getTerm() > term) {
        term = said.status().getTerm();
        number = said.member().number();
      }
    }
    return number;
  }

  /** Whether all answer and agree on one leader. */
  boolean isWell() {
    long now = System.nanoTime();
    List<Answer> answers = List.copyOf(last.values());
    return answers.size() == members.all().size()
        && answers.stream().allMatch(answer -> now - answer.nanos < FRESH_NANOS)
        && Members.agree(answers.stream().map(Answer::said).toList());
  }

  /**
   * Waits until all is well, and all have applied what one of them had when the wait began: a node
   * whose log has stopped agrees on the leader, too. False when it is not in time.
   */
  boolean awaitWell(long patienceMillis) {
    long giveUp = System.nanoTime() + patienceMillis * 1_000_000;
    long applied = applied().max().orElse(0);
    while (!isWell() || applied().min().orElse(0) < applied) {
      if (System.nanoTime() > giveUp) {
        return false;
      }
      pause(PERIOD_MILLIS / 2);
    }
    return true;
  }

  private LongStream applied() {
    return last.values().stream()
        .filter(answer -> answer.said.answers())
        .mapToLong(answer -> answer.said.status().getAppliedIndex());
  }

  /** Number of a leader, waited for. */
  int awaitLeader(long patienceMillis) {
    long giveUp = System.nanoTime() + patienceMillis * 1_000_000;
    int number = leader();
    while (number == 0 && System.nanoTime() < giveUp) {
      pause(PERIOD_MILLIS / 2);
      number = leader();
    }
    return number;
  }

  /** What all said last, for people. */
  String text() {
    var text = new StringBuilder();
    new TreeMap<>(last)
        .forEach(
            (at, answer) -> {
              var status = answer.said.status();
              text.append(answer.said.member().id())
                  .append(
                      status == null
                          ? ": " + answer.said.problem()
                          : ": %s term %d leader %s applied %d"
                              .formatted(
                                  status.getRole(),
                                  status.getTerm(),
                                  status.getLeader(),
                                  status.getAppliedIndex()))
                  .append("; ");
            });
    return text.toString();
  }

  /** Terms in which more than one node said to lead. */
  Map<Long, Set<String>> shared() {
    var shared = new TreeMap<Long, Set<String>>();
    leaders.forEach(
        (term, ids) -> {
          if (ids.size() > 1) {
            shared.put(term, new TreeSet<>(ids));
          }
        });
    return shared;
  }

  /** Highest term seen. */
  long term() {
    return last.values().stream()
        .filter(answer -> answer.said.answers())
        .mapToLong(answer -> answer.said.status().getTerm())
        .max()
        .orElse(0);
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
