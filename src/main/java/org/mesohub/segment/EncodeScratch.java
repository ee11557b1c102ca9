package org.mesohub.segment;

import java.util.ArrayDeque;

/**
 * Working memory of one encoder, lent from column to column: fresh arrays would be zeroed and fall
 * out of the processor's cache each time. Not thread-safe.
 */
final class EncodeScratch {
  private final ArrayDeque<long[]> longs = new ArrayDeque<>();
  private final ArrayDeque<int[]> ints = new ArrayDeque<>();
  private final ArrayDeque<int[]> zeros = new ArrayDeque<>();

  /** At least so many numbers, of any value. */
  long[] longs(int size) {
    long[] free = longs.pollFirst();
    return free == null || free.length < size ? new long[size] : free;
  }

  void give(long[] free) {
    longs.addFirst(free);
  }

  /** At least so many numbers, of any value. */
  int[] ints(int size) {
    int[] free = ints.pollFirst();
    return free == null || free.length < size ? new int[size] : free;
  }

  void give(int[] free) {
    ints.addFirst(free);
  }

  /** At least so many zeros, so that who uses few places pays for few. */
  int[] zeros(int size) {
    int[] free = zeros.pollFirst();
    return free == null || free.length < size
        ? new int[Integer.highestOneBit(size - 1 | 1) << 1]
        : free;
  }

  /** Takes an array back whose places are all 0 again. */
  void giveZeros(int[] free) {
    zeros.addFirst(free);
  }
}
