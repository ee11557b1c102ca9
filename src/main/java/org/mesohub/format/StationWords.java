package org.mesohub.format;

import java.util.Arrays;

/**
 * Numbers of stations by the eight bytes of their id and of their network as a record spells them.
 * Pairs are kept in the order in which they came, and looked for first where the one found last is
 * followed: files list their stations in much the same order every hour. Else by open addressing.
 */
final class StationWords {
  /** Number of a pair that is not here. */
  static final int NONE = -1;

  private static final int PAIRS_FIRST = 1 << 7;

  /** Slots per pair there is room for. */
  private static final int SLOTS_PER_PAIR = 4;

  /** A table for ever more pairs would not end: beyond this it starts anew. */
  private static final int ENTRIES_MAX = 1 << 16;

  /** Pairs in the order they came, two words each. */
  private long[] words = new long[2 * PAIRS_FIRST];

  private int[] numbers = new int[PAIRS_FIRST];

  /** Per slot the place of a pair plus one; 0 for an empty slot. */
  private int[] slots = new int[SLOTS_PER_PAIR * PAIRS_FIRST];

  private int count;

  /** Place after that of the pair found last. */
  private int next;

  int find(long station, long network) {
    int place = next < count && isAt(next, station, network) ? next : probe(station, network);
    if (place == NONE) {
      return NONE;
    }
    next = place + 1;
    return numbers[place];
  }

  private int probe(long station, long network) {
    int mask = slots.length - 1;
    for (int slot = hash(station, network) & mask; ; slot = (slot + 1) & mask) {
      int place = slots[slot] - 1;
      if (place == NONE || isAt(place, station, network)) {
        return place;
      }
    }
  }

  private boolean isAt(int place, long station, long network) {
    return words[2 * place] == station && words[2 * place + 1] == network;
  }

  /** Adds a pair that is not here. */
  void add(long station, long network, int number) {
    if (count == ENTRIES_MAX) {
      clear();
    }
    if (count == numbers.length) {
      grow();
    }
    words[2 * count] = station;
    words[2 * count + 1] = network;
    numbers[count] = number;
    place(count++);
    next = count;
  }

  /** Forgets all pairs. */
  void clear() {
    Arrays.fill(slots, 0);
    count = 0;
  }

  private void grow() {
    words = Arrays.copyOf(words, words.length * 2);
    numbers = Arrays.copyOf(numbers, numbers.length * 2);
    slots = new int[slots.length * 2];
    for (int place = 0; place < count; place++) {
      place(place);
    }
  }

  private void place(int place) {
    int mask = slots.length - 1;
    int slot = hash(words[2 * place], words[2 * place + 1]) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = place + 1;
  }

  private static int hash(long station, long network) {
    long mixed =
        (station ^ Long.rotateLeft(network, 29) * 0x9E3779B97F4A7C15L) * 0xD6E8FEB86659FD93L;
    return (int) (mixed >>> 32);
  }
}
