package org.mesohub.routing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The filter of what this cluster holds, kept current commit by commit. Bits can only be set, so
 * that after a delete, or once half of them are set, a new filter is made, of the next generation,
 * with room to double. Not thread-safe.
 */
public final class FilterKeeper {
  /** From this share of bits set on a filter is made anew. */
  static final double FULL = 0.5;

  /** Keys that the smallest filter is made for: a year of ten networks. */
  static final int KEYS_MIN = 4096;

  private final TreeMap<Integer, SortedSet<String>> days = new TreeMap<>();
  private final SortedMap<String, Integer> daysOfNetwork = new TreeMap<>();
  private DayFilter filter = DayFilter.empty(KEYS_MIN);
  private int keys;
  private long generation;
  private boolean gone;

  /**
   * @param firstGeneration above those of every keeper before it that others have heard of
   */
  public FilterKeeper(long firstGeneration) {
    this.generation = firstGeneration;
  }

  /**
   * Takes the networks that a day has rows of from now on.
   *
   * @param networks none: the day is gone
   */
  public void set(int epochDay, SortedSet<String> networks) {
    SortedSet<String> before =
        networks.isEmpty() ? days.remove(epochDay) : days.put(epochDay, networks);
    if (networks.equals(before)) {
      return;
    }
    if (before == null) {
      before = Collections.emptySortedSet();
    }
    keys += size(networks) - size(before);
    if (!networks.isEmpty()) {
      filter.add(epochDay);
    }
    for (String network : networks) {
      if (!before.contains(network)) {
        daysOfNetwork.merge(network, 1, Integer::sum);
        filter.add(epochDay, network);
      }
    }
    for (String network : before) {
      if (!networks.contains(network)) {
        daysOfNetwork.computeIfPresent(network, (name, count) -> count == 1 ? null : count - 1);
        gone = true;
      }
    }
  }

  private static int size(SortedSet<String> networks) {
    return networks.isEmpty() ? 0 : networks.size() + 1;
  }

  /** What a digest says of all that was set until now. */
  public Digest digest(String cluster, long version, long completeToMicros) {
    if (gone || filter.fill() >= FULL) {
      renew();
    }
    return new Digest(
        cluster,
        generation,
        version,
        completeToMicros,
        days.isEmpty() ? 0 : days.firstKey(),
        days.isEmpty() ? -1 : days.lastKey(),
        Collections.unmodifiableSortedSet(new TreeSet<>(daysOfNetwork.keySet())),
        filter.copy());
  }

  private void renew() {
    filter = DayFilter.empty(Math.max(KEYS_MIN, 2 * keys));
    days.forEach(
        (day, networks) -> {
          filter.add(day);
          networks.forEach(network -> filter.add(day, network));
        });
    generation++;
    gone = false;
  }

  /** Days and (day, network) pairs held. */
  public int keys() {
    return keys;
  }
}
