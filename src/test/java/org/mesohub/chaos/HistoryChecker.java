package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mesohub.chaos.Violation.Rule;

/**
 * Says what in a history no correct store would have done. Answers name commits, so that no search
 * is needed: every read is held against the state at its commit, and commits against real time.
 * Takes n log n steps for n keys read or put. Finds no fault where there is none; a put without an
 * answer may have had its effect at any time after it began, once and whole.
 */
final class HistoryChecker {
  /** More of one kind say nothing new. */
  private static final int KEPT_MAX = 20;

  private final Map<Rule, Long> counts = new EnumMap<>(Rule.class);
  private final List<Violation> kept = new ArrayList<>();
  private final Map<String, Timeline> timelines = new HashMap<>();
  private final Iterable<Op> history;
  private final Puts puts;

  private HistoryChecker(Iterable<Op> history) {
    this.history = history;
    this.puts = new Puts(history, this::found);
  }

  /**
   * @throws IllegalArgumentException when two puts share a value
   */
  static Verdict check(Iterable<Op> history) {
    return new HistoryChecker(history).verdict();
  }

  private Verdict verdict() {
    var realTime = new RealTime(this::found);
    int[] reads = new int[1];
    for (Puts.Version put : puts.all()) {
      if (put.isAcknowledged() && put.commit > 0) {
        put.keys.forEach(key -> timeline(key).acknowledged(put));
      }
      if (put.outcome != Op.Outcome.FAIL) {
        realTime.add(put);
      }
    }
    for (Op op : history) {
      if (op instanceof Op.Read read && read.outcome() == Op.Outcome.OK) {
        reads[0]++;
        realTime.add(read);
        place(read);
      }
    }
    realTime.check();
    timelines.values().forEach(timeline -> timeline.check(this::found));
    puts.all().forEach(this::whole);
    return Verdict.of(puts.all(), reads[0], counts, kept);
  }

  private void place(Op.Read read) {
    for (int i = 0; i < read.values().length; i++) {
      String key = read.keys().get(i);
      long value = read.values()[i];
      Puts.Version version = puts.of(value);
      if (value == Op.ABSENT) {
        timeline(key).read(read, null);
      } else if (version == null || !version.keys.contains(key)) {
        found(new Violation(Rule.INVENTED, key + ": nobody put value " + value + " that " + read));
      } else if (version.outcome == Op.Outcome.FAIL) {
        found(new Violation(Rule.FAILED_SEEN, key + ": " + version + " failed, seen by " + read));
      } else if (version.beginNanos >= read.endNanos()) {
        found(new Violation(Rule.TOO_EARLY, key + ": " + version + " began after " + read));
      } else {
        timeline(key).read(read, version);
      }
    }
  }

  private Timeline timeline(String key) {
    return timelines.computeIfAbsent(key, Timeline::new);
  }

  private void whole(Puts.Version put) {
    if (put.isAcknowledged() || !put.seen) {
      return;
    }
    if (put.commitMin > put.commitMax) {
      found(
          new Violation(
              Rule.TORN,
              "%s was seen by commit %d, but part of it not before %d"
                  .formatted(put, put.commitMax, put.commitMin)));
      return;
    }
    put.keys.forEach(key -> timeline(key).checkWhole(put, this::found));
  }

  private void found(Violation violation) {
    if (counts.merge(violation.rule(), 1L, Long::sum) <= KEPT_MAX) {
      kept.add(violation);
    }
  }
}
