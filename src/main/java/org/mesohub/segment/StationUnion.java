package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.StationKey;

/** Station dictionaries in ascending order, and what becomes of the indexes of others in them. */
final class StationUnion {
  private StationUnion() {}

  /** Whether the keys ascend without repetition. */
  static boolean isAscending(List<StationKey> keys) {
    for (int i = 1; i < keys.size(); i++) {
      if (keys.get(i - 1).compareTo(keys.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * All keys of some dictionaries, ascending. Sorted dictionaries are merged rather than sorted
   * anew.
   */
  static List<StationKey> of(Collection<List<StationKey>> dictionaries) {
    StationKey[] keys = dictionaries.stream().flatMap(List::stream).toArray(StationKey[]::new);
    Arrays.sort(keys);
    int distinct = 0;
    for (int i = 0; i < keys.length; i++) {
      if (i == 0 || !keys[i].equals(keys[i - 1])) {
        keys[distinct++] = keys[i];
      }
    }
    return List.of(Arrays.copyOf(keys, distinct));
  }

  /**
   * A dictionary in ascending order.
   *
   * @param keys distinct keys, ascending
   * @param rank per key of the dictionary its index in {@code keys}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Ordered(List<StationKey> keys, int[] rank) {}

  private record Place(StationKey key, int index) {}

  /**
   * Brings a dictionary into order, one network after the other: files often list stations in
   * order, or nearly so, with their networks mixed.
   */
  static Ordered order(List<StationKey> dictionary) {
    var byNetwork = new HashMap<String, List<Place>>();
    for (int i = 0; i < dictionary.size(); i++) {
      StationKey key = dictionary.get(i);
      byNetwork.computeIfAbsent(key.network(), n -> new ArrayList<>()).add(new Place(key, i));
    }
    var keys = new StationKey[dictionary.size()];
    var rank = new int[keys.length];
    int next = 0;
    for (String network : byNetwork.keySet().stream().sorted().toList()) {
      Place[] places = byNetwork.getOrDefault(network, List.of()).toArray(Place[]::new);
      Arrays.sort(places, (a, b) -> a.key.station().compareTo(b.key.station()));
      for (Place place : places) {
        if (next == 0 || !place.key.equals(keys[next - 1])) {
          keys[next++] = place.key;
        }
        rank[place.index] = next - 1;
      }
    }
    return new Ordered(List.of(Arrays.copyOf(keys, next)), rank);
  }

  /** Per key of a dictionary its index in the ascending {@code union}, which must hold it. */
  static int[] ranks(List<StationKey> union, List<StationKey> dictionary) {
    int[] ranks = ranksIfAll(union, dictionary);
    if (ranks == null) {
      throw new IllegalStateException("a station is not in the union of all stations");
    }
    return ranks;
  }

  /** Like {@link #ranks}, but null when {@code union} lacks a key. */
  static int @Nullable [] ranksIfAll(List<StationKey> union, List<StationKey> dictionary) {
    var ranks = new int[dictionary.size()];
    int next = 0;
    for (int i = 0; i < ranks.length; i++) {
      int rank = search(union, next, dictionary.get(i));
      if (rank < 0) {
        return null;
      }
      ranks[i] = rank;
      next = rank + 1;
    }
    return ranks;
  }

  /**
   * Index of a key, or {@code -1 - index} of where it would go, as {@link Arrays#binarySearch}.
   *
   * @param hint where the key is likely to be, or shortly after: the search widens from there
   */
  static int search(List<StationKey> ascending, int hint, StationKey key) {
    int size = ascending.size();
    int low = hint > 0 && ascending.get(hint - 1).compareTo(key) >= 0 ? 0 : hint;
    int high = low;
    for (int step = 1; high < size; step *= 2) {
      int order = ascending.get(high).compareTo(key);
      if (order == 0) {
        return high;
      }
      if (order > 0) {
        break;
      }
      low = high + 1;
      high = Math.min(size, high + step);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = ascending.get(middle).compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1 - low;
  }
}
