package org.mesohub.format;

import java.util.Arrays;

/**
 * Indexes of stations by the eight bytes of their id and of their network as a record spells them:
 * open addressing, one look-up for the usual row.
 */
final class StationWords {
  /** Index of a pair that is not here. */
  static final int NONE = -1;

  private static final int SLOTS_FIRST = 1 << 8;

  /** A table for ever more pairs would not end: beyond this it starts anew. */
  private static final int ENTRIES_MAX = 1 << 16;

  /** Pairs, two words a slot. */
  private long[] words = new long[2 * SLOTS_FIRST];

  /** Per slot the index plus one; 0 for an empty slot. */
  private int[] indexes = new int[SLOTS_FIRST];

  private int count;

  int find(long station, long network) {
    int mask = indexes.length - 1;
    for (int slot = hash(station, network) & mask; ; slot = (slot + 1) & mask) {
      int index = indexes[slot];
      if (index == 0 || (words[2 * slot] == station && words[2 * slot + 1] == network)) {
        return index - 1;
      }
    }
  }

  /** Adds a pair that is not here. */
  void add(long station, long network, int index) {
    if (count == ENTRIES_MAX) {
      clear();
    }
    if (2 * ++count > indexes.length) {
      grow();
    }
    place(station, network, index + 1);
  }

  /** Forgets all pairs. */
  void clear() {
    Arrays.fill(indexes, 0);
    count = 0;
  }

  private void grow() {
    long[] oldWords = words;
    int[] oldIndexes = indexes;
    words = new long[oldWords.length * 4];
    indexes = new int[oldIndexes.length * 4];
    for (int slot = 0; slot < oldIndexes.length; slot++) {
      if (oldIndexes[slot] != 0) {
        place(oldWords[2 * slot], oldWords[2 * slot + 1], oldIndexes[slot]);
      }
    }
  }

  private void place(long station, long network, int indexPlusOne) {
    int mask = indexes.length - 1;
    int slot = hash(station, network) & mask;
    while (indexes[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    words[2 * slot] = station;
    words[2 * slot + 1] = network;
    indexes[slot] = indexPlusOne;
  }

  private static int hash(long station, long network) {
    long mixed =
        (station ^ Long.rotateLeft(network, 29) * 0x9E3779B97F4A7C15L) * 0xD6E8FEB86659FD93L;
    return (int) (mixed >>> 32);
  }
}
