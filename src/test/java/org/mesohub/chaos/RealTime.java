package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.mesohub.chaos.Violation.Rule;

/**
 * Checks that commit numbers follow real time: whatever began after something else had ended has no
 * lower commit, and a put has a higher one.
 */
final class RealTime {
  /**
   * An operation with a commit, or a put without one, for which only the lower bound is learned.
   */
  private record Span(long begin, long end, long commit, Puts.Version put, Object what) {}

  private final List<Span> spans = new ArrayList<>();
  private final Consumer<Violation> found;

  RealTime(Consumer<Violation> found) {
    this.found = found;
  }

  void add(Puts.Version put) {
    spans.add(new Span(put.beginNanos, put.ackNanos, put.commit, put, put));
  }

  void add(Op.Read read) {
    spans.add(new Span(read.beginNanos(), read.endNanos(), read.commit(), null, read));
  }

  void check() {
    Span[] byBegin = spans.toArray(Span[]::new);
    Span[] byEnd = byBegin.clone();
    Arrays.sort(byBegin, Comparator.comparingLong(Span::begin));
    Arrays.sort(byEnd, Comparator.comparingLong(Span::end));
    Span newest = null;
    int ended = 0;
    for (Span span : byBegin) {
      for (; ended < byEnd.length && byEnd[ended].end < span.begin; ended++) {
        if (newest == null || byEnd[ended].commit > newest.commit) {
          newest = byEnd[ended];
        }
      }
      if (newest != null) {
        follows(newest, span);
      }
    }
  }

  private void follows(Span newest, Span span) {
    if (span.put == null && span.commit < newest.commit) {
      found.accept(
          new Violation(Rule.OUT_OF_ORDER, text(span) + " began after the end of " + text(newest)));
    }
    if (span.put != null && span.commit > 0 && span.commit <= newest.commit) {
      found.accept(
          new Violation(Rule.OUT_OF_ORDER, text(span) + " began after the end of " + text(newest)));
    }
    if (span.put != null && span.commit == 0) {
      span.put.commitMin = Math.max(span.put.commitMin, newest.commit + 1);
    }
  }

  private static String text(Span span) {
    return span.what instanceof Op.Read read
        ? "read by %s at %d..%d of commit %d"
            .formatted(read.client(), read.beginNanos(), read.endNanos(), read.commit())
        : span.what + " at " + span.begin + ".." + span.end;
  }
}
