package org.mesohub.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What travels with a query from cluster to cluster, so that it goes to each once at most.
 *
 * @param requestId random
 * @param origin cluster that a client asked
 * @param path clusters that it has come through: the first is the origin, the last the one that
 *     calls
 * @param asked clusters that those on the path ask themselves
 * @param hopsLeft clusters that it may still be passed on to, one after the other
 * @param callsLeft calls to other clusters that it may still cause, all together
 */
public record Ticket(
    RequestId requestId,
    String origin,
    List<String> path,
    Set<String> asked,
    int hopsLeft,
    int callsLeft) {
  /** Longest path that is believed. */
  public static final int PATH_MAX = 16;

  /** Most calls that one query may cause. */
  public static final int CALLS_MAX = 1_000;

  public Ticket {
    path = List.copyOf(path);
    asked = Set.copyOf(asked);
    if (path.isEmpty() || path.size() > PATH_MAX || !path.get(0).equals(origin)) {
      throw new IllegalArgumentException(
          "a path of %s for a query of %s: expected 1 to %d clusters, the first of them the origin"
              .formatted(path, origin, PATH_MAX));
    }
    if (hopsLeft < 0 || callsLeft < 0 || callsLeft > CALLS_MAX) {
      throw new IllegalArgumentException(
          "%d hops and %d calls left: expected no negative numbers, and %d calls at most"
              .formatted(hopsLeft, callsLeft, CALLS_MAX));
    }
  }

  /** That of a query that a client asks here. */
  public static Ticket issue(RequestId requestId, String cluster, int hops) {
    return new Ticket(requestId, cluster, List.of(cluster), Set.of(), hops, CALLS_MAX);
  }

  /** The cluster that calls. */
  public String caller() {
    return path.get(path.size() - 1);
  }

  /** Whether it has been at a cluster. */
  public boolean hasVisited(String cluster) {
    return path.contains(cluster);
  }

  /** Whether somebody need ask a cluster: it has not been there, and nobody asks it already. */
  public boolean mayAsk(String cluster) {
    return !hasVisited(cluster) && !asked.contains(cluster);
  }

  /** With other bounds, where those are lower. */
  public Ticket within(int hops) {
    return hops >= hopsLeft ? this : new Ticket(requestId, origin, path, asked, hops, callsLeft);
  }

  /** As this cluster passes it on to others. */
  public Ticket passedOn(String cluster, Collection<String> others) {
    var longer = new ArrayList<>(path);
    if (!caller().equals(cluster)) {
      longer.add(cluster);
    }
    var all = new HashSet<>(asked);
    all.addAll(others);
    int count = others.size();
    return new Ticket(
        requestId, origin, longer, all, hopsLeft - 1, Math.max(0, callsLeft - count) / count);
  }

  /** How many others it may be passed on to. */
  public int fanOutMax() {
    return hopsLeft == 0 ? 0 : callsLeft;
  }
}
