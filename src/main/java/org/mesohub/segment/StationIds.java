package org.mesohub.segment;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds the stations of an id in a dictionary that is ordered by network first: positions in the
 * order of their ids' hashes. Not a hash table, which ids chosen to collide would make slow.
 * Immutable once made.
 */
final class StationIds {
  private final byte[] ids;
  private final int[] end;

  /** The hash of each id above its position, ascending. */
  private final long[] byHash;

  /**
   * @param end where each id ends in {@code ids}; it starts where the one before ends
   */
  StationIds(byte[] ids, int[] end) {
    this.ids = ids;
    this.end = end;
    this.byHash = new long[end.length];
    int from = 0;
    for (int station = 0; station < end.length; station++) {
      byHash[station] = entry(ids, from, end[station]) | station;
      from = end[station];
    }
    Arrays.sort(byHash);
  }

  /** Marks the positions of an id. */
  void mark(byte[] id, BitSet into) {
    long first = entry(id, 0, id.length);
    int found = Arrays.binarySearch(byHash, first);
    int at = found < 0 ? -found - 1 : found;
    for (; at < byHash.length && byHash[at] >>> 32 == first >>> 32; at++) {
      int station = (int) byHash[at];
      int from = station == 0 ? 0 : end[station - 1];
      if (Arrays.equals(ids, from, end[station], id, 0, id.length)) {
        into.set(station);
      }
    }
  }

  /** What stands for an id at position 0. */
  private static long entry(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (long) hash << 32;
  }
}
