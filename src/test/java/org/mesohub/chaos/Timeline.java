package org.mesohub.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mesohub.chaos.Violation.Rule;

/**
 * The values of one key by commit: those that acknowledged puts gave it, and what reads saw. A read
 * of commit C sees the state after C, so that all reads and puts of a key line up by commit, and
 * every value holds for one stretch of commits.
 */
final class Timeline {
  /** An acknowledged put at its commit, or what a read of that commit saw (null: nothing). */
  private record Entry(long commit, Puts.Version version, Op.Read read) {}

  private final String key;
  private final List<Entry> entries = new ArrayList<>();

  Timeline(String key) {
    this.key = key;
  }

  void acknowledged(Puts.Version version) {
    entries.add(new Entry(version.commit, version, null));
  }

  void read(Op.Read read, Puts.Version version) {
    entries.add(new Entry(read.commit(), version, read));
  }

  /** Walks from the first commit to the last; narrows the possible commits of unanswered puts. */
  void check(Consumer<Violation> found) {
    entries.sort(
        Comparator.comparingLong(Entry::commit).thenComparing(entry -> entry.read != null));
    Puts.Version current = null;
    Set<Puts.Version> undecided = new HashSet<>();
    Set<Puts.Version> replaced = new HashSet<>();
    boolean currentSeen = false;
    long putCommit = 0;
    long readCommit = -1;
    for (Entry entry : entries) {
      if (entry.read == null) {
        if (entry.commit > putCommit) {
          undecided.clear();
        }
        undecided.add(entry.version);
        if (current != null && current.commit != entry.commit) {
          replaced.add(current);
        }
        current = entry.version;
        currentSeen = false;
        putCommit = entry.commit;
        continue;
      }
      Puts.Version seen = entry.version;
      if (seen != current) {
        Rule broken = broken(entry, undecided, replaced, currentSeen);
        if (broken != null) {
          found.accept(new Violation(broken, text(entry, current)));
          continue;
        }
        if (!seen.isAcknowledged()) {
          seen.seen = true;
          seen.commitMin = Math.max(seen.commitMin, Math.max(readCommit + 1, putCommit));
          seen.commitMax = Math.min(seen.commitMax, entry.commit);
        }
        if (current != null) {
          replaced.add(current);
        }
        current = seen;
      }
      currentSeen = true;
      undecided.clear();
      readCommit = entry.commit;
    }
  }

  private static Rule broken(
      Entry entry, Set<Puts.Version> undecided, Set<Puts.Version> replaced, boolean currentSeen) {
    Puts.Version seen = entry.version;
    if (seen == null) {
      return Rule.LOST;
    }
    if (seen.isAcknowledged()) {
      if (seen.commit > entry.commit) {
        return Rule.TOO_EARLY;
      }
      return undecided.contains(seen) ? null : currentSeen ? Rule.WENT_BACK : Rule.LOST;
    }
    return replaced.contains(seen) ? Rule.WENT_BACK : null;
  }

  private String text(Entry entry, Puts.Version current) {
    return "%s: read by %s at %d..%d of commit %d shows %s, not %s"
        .formatted(
            key,
            entry.read.client(),
            entry.read.beginNanos(),
            entry.read.endNanos(),
            entry.commit,
            entry.version == null ? "nothing" : entry.version,
            current);
  }

  /**
   * What a put that was seen under another key must find here: at and after the commit where it was
   * seen, itself or something later. Called after all timelines were walked.
   */
  void checkWhole(Puts.Version put, Consumer<Violation> found) {
    int first = firstReadFrom(put.commitMax);
    if (first < 0) {
      return;
    }
    Puts.Version here = entries.get(first).version;
    if (here == put) {
      return;
    }
    if (here == null || here.commitMax < put.commitMin) {
      found.accept(
          new Violation(
              Rule.TORN,
              "%s was seen elsewhere by commit %d, here not; %s"
                  .formatted(put, put.commitMax, text(entries.get(first), put))));
    }
  }

  /** Index of the first read of that commit or a later one; -1 without one. */
  private int firstReadFrom(long commit) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).commit < commit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low < entries.size() && entries.get(low).read == null) {
      low++;
    }
    return low < entries.size() ? low : -1;
  }
}
