package org.mesohub.api;

import java.util.ArrayDeque;
import java.util.List;
import org.mesohub.api.ClusterApi.Reign;

/** Leaders that a node has seen, latest first; the oldest are forgotten. Thread-safe. */
public final class LeaderHistory {
  private final ArrayDeque<Reign> reigns = new ArrayDeque<>();

  /**
   * Notes who leads in a term; what is known already, or older than that, changes nothing.
   *
   * @param nodeId empty for nobody, which is not noted
   */
  public synchronized void note(long term, String nodeId, long nowMicros) {
    Reign latest = reigns.peekFirst();
    if (nodeId.isEmpty() || latest != null && latest.term() >= term) {
      return;
    }
    reigns.addFirst(new Reign(term, nodeId, nowMicros));
    if (reigns.size() > ClusterApi.LEADERS_MAX) {
      reigns.removeLast();
    }
  }

  /** Latest first. */
  public synchronized List<Reign> list() {
    return List.copyOf(reigns);
  }
}
