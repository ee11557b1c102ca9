package org.mesohub.routing;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queries that came from other clusters lately: the same is answered once, whatever ways it
 * comes. Thread-safe.
 */
public final class Visits {
  /** Queries remembered at most; then the oldest are forgotten first. */
  static final int REMEMBERED_MAX = 100_000;

  /** A query that names more networks than this in its parts is not compared with another. */
  static final int NETWORKS_MAX = 256;

  private final LinkedHashMap<RequestId, Visit> visits = new LinkedHashMap<>();

  /** What came of a visit. */
  public enum Verdict {
    /** The query comes for the first time. */
    FIRST,
    /** It came before and asked for other parts: rows of both may be wanted. */
    OTHER_PARTS,
    /** It came before and asked for all of this. */
    REPEATED
  }

  /**
   * @param parts asked for at first; none: everything; null: too much to be remembered
   */
  private record Visit(long untilNanos, @Nullable List<DaysPart> parts) {
    boolean asksFor(List<DaysPart> others) {
      return parts != null && (parts.isEmpty() || parts.equals(others));
    }
  }

  /**
   * Whether a query comes for the first time; it is remembered.
   *
   * @param parts what it asks for; none: everything
   * @param untilNanos when it is over, on the clock of {@code nowNanos}
   */
  public synchronized Verdict visit(
      RequestId requestId, List<DaysPart> parts, long nowNanos, long untilNanos) {
    var oldest = visits.entrySet().iterator();
    while (oldest.hasNext()) {
      Visit visit = oldest.next().getValue();
      if (visit.untilNanos() - nowNanos > 0 && visits.size() < REMEMBERED_MAX) {
        break;
      }
      oldest.remove();
    }
    Visit known = visits.get(requestId);
    if (known != null && known.untilNanos() - nowNanos > 0) {
      return known.asksFor(parts) ? Verdict.REPEATED : Verdict.OTHER_PARTS;
    }
    int networks = parts.stream().mapToInt(part -> part.networks().size()).sum();
    visits.put(
        requestId, new Visit(untilNanos, networks > NETWORKS_MAX ? null : List.copyOf(parts)));
    return Verdict.FIRST;
  }

  synchronized int size() {
    return visits.size();
  }
}
