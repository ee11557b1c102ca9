package org.mesohub.routing;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is asked for.
 *
 * @param peer id of the cluster
 * @param networksByDay the networks wanted of each epoch day; null: everything that the query asks
 *     for but what is in {@code notOf}, as nobody knows what the peer has
 * @param notOf networks that are answered here, of each epoch day that has any
 */
public record Share(
    String peer,
    @Nullable SortedMap<Integer, SortedSet<String>> networksByDay,
    SortedMap<Integer, SortedSet<String>> notOf) {
  /** The share as parts, which may hold more than it; none: everything. */
  public List<DaysPart> parts() {
    return networksByDay == null ? List.of() : DaysPart.of(networksByDay);
  }

  /** Whether rows of a network's day are asked for. */
  public boolean has(int epochDay, String network) {
    return networksByDay == null
        ? !of(notOf, epochDay).contains(network)
        : of(networksByDay, epochDay).contains(network);
  }

  private static SortedSet<String> of(SortedMap<Integer, SortedSet<String>> days, int epochDay) {
    return days.getOrDefault(epochDay, Collections.emptySortedSet());
  }
}
