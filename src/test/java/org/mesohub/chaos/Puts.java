package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mesohub.chaos.Violation.Rule;

/** The puts of a history, attempts with one token joined, and what is learned about them. */
final class Puts {
  /** One put. Commits from {@code commitMin} to {@code commitMax} are possible for it. */
  static final class Version {
    final String token;
    final long value;
    final List<String> keys;
    long beginNanos;
    long ackNanos = Long.MAX_VALUE;
    Op.Outcome outcome;
    long commit;
    long commitMin = 1;
    long commitMax = Long.MAX_VALUE;
    boolean seen;

    private Version(Op.Put put) {
      token = put.token();
      value = put.value();
      keys = put.keys();
      beginNanos = put.beginNanos();
      outcome = put.outcome();
    }

    boolean isAcknowledged() {
      return outcome == Op.Outcome.OK;
    }

    @Override
    public String toString() {
      return "put " + token + " (value " + value + (commit > 0 ? ", commit " + commit : "") + ")";
    }
  }

  private final Map<String, Version> byToken = new HashMap<>();
  private final Map<Long, Version> byValue = new HashMap<>();
  private final Consumer<Violation> found;

  Puts(Iterable<Op> history, Consumer<Violation> found) {
    this.found = found;
    for (Op op : history) {
      if (op instanceof Op.Put put) {
        add(put);
      }
    }
  }

  private void add(Op.Put put) {
    Version version = byToken.computeIfAbsent(put.token(), token -> new Version(put));
    Version holder = byValue.putIfAbsent(put.value(), version);
    if ((holder != null && holder != version)
        || version.value != put.value()
        || put.value() == Op.ABSENT) {
      throw new IllegalArgumentException("not a history: value " + put.value() + " of two puts");
    }
    version.beginNanos = Math.min(version.beginNanos, put.beginNanos());
    switch (put.outcome()) {
      case OK -> acknowledge(version, put);
      case INDETERMINATE -> {
        if (!version.isAcknowledged()) {
          version.outcome = put.outcome();
        }
      }
      case FAIL -> {
        // An earlier or later attempt knows better.
      }
    }
  }

  private void acknowledge(Version version, Op.Put put) {
    version.outcome = Op.Outcome.OK;
    version.ackNanos = Math.min(version.ackNanos, put.endNanos());
    if (put.commit() <= 0) {
      found.accept(new Violation(Rule.TWO_ANSWERS, version + " was acknowledged as no change"));
    } else if (version.commit > 0 && version.commit != put.commit()) {
      found.accept(
          new Violation(Rule.TWO_ANSWERS, version + " was answered with " + put.commit() + " too"));
    } else {
      version.commit = put.commit();
      version.commitMin = put.commit();
      version.commitMax = put.commit();
    }
  }

  List<Version> all() {
    return new ArrayList<>(byToken.values());
  }

  /** Null when nobody put it. */
  Version of(long value) {
    return byValue.get(value);
  }
}
