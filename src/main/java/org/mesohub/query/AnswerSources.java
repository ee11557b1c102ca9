package org.mesohub.query;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mesohub.segment.Origin;

/** Collects where the rows that an answer reads come from. Threading: any. */
public final class AnswerSources {
  /** Sources that an answer tells at most. */
  public static final int TOLD_MAX = 1_000;

  /**
   * A source of rows.
   *
   * @param cluster where they were first acknowledged; empty for this cluster
   * @param source what the put named as its source
   * @param licence text or SPDX id; empty when not stated
   */
  public record Source(String cluster, String source, String licence)
      implements Comparable<Source> {
    private static final Comparator<Source> ORDER =
        Comparator.comparing(Source::cluster)
            .thenComparing(Source::source)
            .thenComparing(Source::licence);

    @Override
    public int compareTo(Source other) {
      return ORDER.compare(this, other);
    }
  }

  private final Set<Source> seen = new HashSet<>();
  private boolean more;

  /** Notes where rows come from. */
  public synchronized void add(Collection<Origin> origins) {
    for (Origin origin : origins) {
      var source = new Source(origin.cluster(), origin.source(), origin.licence());
      if (seen.size() < TOLD_MAX) {
        seen.add(source);
      } else if (!seen.contains(source)) {
        more = true;
      }
    }
  }

  /**
   * Notes what another cluster tells of its answer.
   *
   * @param hasMore whether there is more that it did not tell
   */
  public synchronized void include(Collection<Source> told, boolean hasMore) {
    more |= hasMore;
    for (Source source : told) {
      if (seen.size() < TOLD_MAX) {
        seen.add(source);
      } else if (!seen.contains(source)) {
        more = true;
      }
    }
  }

  /** What has been read so far, in order. */
  public synchronized List<Source> list() {
    return seen.stream().sorted().toList();
  }

  /** Whether something was read that {@link #list} does not tell. */
  public synchronized boolean hasMore() {
    return more;
  }
}
