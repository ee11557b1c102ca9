package org.mesohub.routing;

import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which networks other clusters are told. What a query has come through counts as much as who asked
 * first: all of them see the rows.
 *
 * @param closed networks that not everybody is told, each with the clusters that are; none: nobody
 */
public record Sharing(Map<String, ? extends Collection<String>> closed) {
  /** Everybody is told everything. */
  public static final Sharing OPEN = new Sharing(Map.of());

  public Sharing {
    closed = Map.copyOf(closed);
  }

  /** Networks that some cluster of a path may not be told. */
  public SortedSet<String> denied(Collection<String> path) {
    var denied = new TreeSet<String>();
    closed.forEach(
        (network, clusters) -> {
          if (!clusters.containsAll(path)) {
            denied.add(network);
          }
        });
    return denied;
  }
}
