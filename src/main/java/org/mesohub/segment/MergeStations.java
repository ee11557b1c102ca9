package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.mesohub.observation.StationKey;

/**
 * The stations of the batches that take part in a merge, ascending. Grows as batches come; when
 * most of it has gone out of use it is made anew from what is live.
 */
final class MergeStations {
  /** A dictionary and where its stations stand among all, kept up to date as these grow. */
  static final class Ranks {
    private final List<StationKey> dictionary;
    private int[] rank = {};

    private Ranks(List<StationKey> dictionary) {
      this.dictionary = dictionary;
    }

    boolean isOf(List<StationKey> other) {
      return dictionary == other;
    }

    int[] rank() {
      return rank;
    }
  }

  private List<StationKey> keys = List.of();

  /** All stations, ascending; a later change makes a new list. */
  List<StationKey> keys() {
    return keys;
  }

  /**
   * Takes in a dictionary.
   *
   * @param live what was returned before and is still in use
   */
  Ranks add(List<StationKey> dictionary, Supplier<Collection<Ranks>> live) {
    if (!StationUnion.isAscending(dictionary)) {
      throw new IllegalArgumentException(
          "the stations of a merge input do not ascend: sort its batches first");
    }
    var added = new Ranks(dictionary);
    int[] rank = StationUnion.ranksIfAll(keys, dictionary);
    if (rank == null) {
      grow(dictionary, live.get());
      rank = StationUnion.ranks(keys, dictionary);
    }
    added.rank = rank;
    return added;
  }

  private void grow(List<StationKey> dictionary, Collection<Ranks> live) {
    List<StationKey> before = keys;
    long inUse = dictionary.size();
    for (Ranks ranks : live) {
      inUse += ranks.dictionary.size();
    }
    keys = StationUnion.of(Arrays.asList(before, dictionary));
    if (keys.size() > 2 * inUse) {
      var dictionaries = new ArrayList<List<StationKey>>();
      dictionaries.add(dictionary);
      live.forEach(ranks -> dictionaries.add(ranks.dictionary));
      keys = StationUnion.of(dictionaries);
      live.forEach(ranks -> ranks.rank = StationUnion.ranks(keys, ranks.dictionary));
      return;
    }
    int[] moved = StationUnion.ranks(keys, before);
    live.forEach(ranks -> ranks.rank = ColumnGather.ints(moved, ranks.rank, ranks.rank.length));
  }
}
