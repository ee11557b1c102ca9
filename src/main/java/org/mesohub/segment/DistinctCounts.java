package org.mesohub.segment;

import java.util.Arrays;

/** Counts distinct numbers that are not negative and too far apart for an array. */
final class DistinctCounts {
  private static final int CAPACITY_FIRST = 1 << 10;

  /** 2^64 by the golden ratio: spreads keys over the high bits. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** Number plus one; 0 where a slot is free. */
  private long[] keys = new long[CAPACITY_FIRST];

  private int[] counts = new int[CAPACITY_FIRST];
  private int shift = 64 - Integer.numberOfTrailingZeros(CAPACITY_FIRST);
  private int distinct;

  void add(long number) {
    int slot = slot(number + 1);
    if (counts[slot]++ == 0) {
      keys[slot] = number + 1;
      if (++distinct > keys.length >> 1) {
        grow();
      }
    }
  }

  /** The numbers, ascending. */
  long[] numbers() {
    var numbers = new long[distinct];
    int at = 0;
    for (long key : keys) {
      if (key != 0) {
        numbers[at++] = key - 1;
      }
    }
    Arrays.sort(numbers);
    return numbers;
  }

  int count(long number) {
    return counts[slot(number + 1)];
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key * SPREAD >>> shift);
    while (keys[slot] != key && keys[slot] != 0) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    keys = new long[oldKeys.length * 2];
    counts = new int[keys.length];
    shift--;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
