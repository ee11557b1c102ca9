package org.mesohub.segment;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Working memory of one encoder, lent from column to column: fresh arrays would be zeroed and fall
 * out of the processor's cache each time. Not thread-safe.
 */
final class EncodeScratch {
  private final ArrayDeque<long[]> longs = new ArrayDeque<>();
  private final ArrayDeque<int[]> ints = new ArrayDeque<>();
  private final ArrayDeque<int[]> zeros = new ArrayDeque<>();
  private final Stations stations = new Stations();

  /** A number per station that is forgotten without touching any. One user at a time. */
  static final class Stations {
    /** Of the user who noted {@link #last}. */
    int[] stamp = {};

    long[] last = {};
    private int users;

    /** Forgets all numbers; gives the stamp of those noted from now on. */
    int begin() {
      if (++users < 0) {
        Arrays.fill(stamp, 0);
        users = 1;
      }
      return users;
    }
  }

  /** Room for so many stations; what others noted there is of no use any more. */
  Stations stations(int count) {
    if (stations.stamp.length < count) {
      stations.stamp = new int[count];
      stations.last = new long[count];
      stations.users = 0;
    }
    return stations;
  }

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
