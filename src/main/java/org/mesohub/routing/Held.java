package org.mesohub.routing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What this cluster holds: its filter is asked first, whose "no" is certain; after its "maybe" the
 * days decide.
 *
 * @param filter null where it is not current: the days decide alone
 * @param days networks of each epoch day that has rows
 */
public record Held(
    @org.jspecify.annotations.Nullable DayFilter filter,
    SortedMap<Integer, SortedSet<String>> days) {
  /** Whether rows of a network's day are here. */
  public boolean has(int epochDay, String network) {
    return (filter == null || filter.mayHold(epochDay, network))
        && days.getOrDefault(epochDay, Collections.emptySortedSet()).contains(network);
  }
}
