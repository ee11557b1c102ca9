package org.mesohub.routing;

import java.util.LinkedHashMap;

/**
 * The queries that came from other clusters lately: each is answered once, whatever ways it comes.
 * Thread-safe.
 */
public final class Visits {
  /** Queries remembered at most; then the oldest are forgotten first. */
  static final int REMEMBERED_MAX = 100_000;

  private final LinkedHashMap<RequestId, Long> until = new LinkedHashMap<>();

  /**
   * Whether a query comes for the first time; it is remembered.
   *
   * @param untilNanos when it is over, on the clock of {@code nowNanos}
   */
  public synchronized boolean isFirst(RequestId requestId, long nowNanos, long untilNanos) {
    var oldest = until.entrySet().iterator();
    while (oldest.hasNext()) {
      long end = oldest.next().getValue();
      if (end - nowNanos > 0 && until.size() < REMEMBERED_MAX) {
        break;
      }
      oldest.remove();
    }
    Long known = until.get(requestId);
    if (known != null && known - nowNanos > 0) {
      return false;
    }
    until.put(requestId, untilNanos);
    return true;
  }

  synchronized int size() {
    return until.size();
  }
}
