package org.mesohub.segment;

import org.jspecify.annotations.Nullable;

/**
 * How a column's numbers become the two streams that are written. A dense column has a number in
 * every row of a block: the first row of a run goes to the first stream, each later one, put
 * against the row before it, to the other; rows without a value repeat a number, which costs less
 * than a bit and lets every column be merged by one loop without branches. A sparse column has only
 * the numbers of present cells: a station's first number in the block and its later ones.
 */
final class Prediction {
  /** Every number goes to the first stream as it is. */
  static final int PLAIN = 0;

  /** Later numbers: difference. */
  static final int DELTA = 1;

  /** Later numbers: 0 when equal, else the number moved off 0. */
  static final int REPEAT = 2;

  /** Added to the mode of a sparse column. */
  static final int SPARSE = 3;

  private Prediction() {}

  /** A later number under {@link #REPEAT}. */
  static long repeatCode(long number, long previous) {
    return number == previous ? 0 : number >= 0 ? number + 1 : number;
  }

  /** Inverse of {@link #repeatCode}. */
  static long repeated(long code, long previous) {
    return code == 0 ? previous : code > 0 ? code - 1 : code;
  }

  /** Puts the two streams of a block together again. Thread-confined. */
  static void merge(
      int mode,
      long[] first,
      int firstCount,
      long[] later,
      int laterCount,
      RunIndex runs,
      byte[] states,
      long[] out) {
    if (mode == PLAIN) {
      spread(first, states, runs.rows, out);
      return;
    }
    if (mode == DELTA && runs.stationsOnce) {
      mergeDeltas(first, firstCount, later, laterCount, runs, states, out);
      return;
    }
    int a = 0;
    int b = 0;
    boolean delta = mode == DELTA;
    boolean once = runs.stationsOnce;
    long[] last = once ? null : new long[runs.slots];
    boolean[] seen = once ? null : new boolean[runs.slots];
    for (int run = 0; run < runs.count; run++) {
      int end = runs.start[run + 1];
      int slot = runs.slot[run];
      int i = runs.start[run];
      long previous = 0;
      boolean has = seen != null && seen[slot];
      if (has && last != null) {
        previous = last[slot];
      }
      if (!has) {
        while (i < end && states[i] < 0) {
          i++;
        }
        if (i == end) {
          continue;
        }
        previous = first[a++];
        out[i++] = previous;
      }
      if (delta) {
        for (; i < end; i++) {
          if (states[i] >= 0) {
            previous += later[b++];
            out[i] = previous;
          }
        }
      } else {
        for (; i < end; i++) {
          if (states[i] >= 0) {
            previous = repeated(later[b++], previous);
            out[i] = previous;
          }
        }
      }
      if (seen != null && last != null) {
        seen[slot] = true;
        last[slot] = previous;
      }
    }
    if (a != firstCount || b != laterCount) {
      throw ByteReader.corrupt("a block's streams do not fit its stations");
    }
  }

  /**
   * The common case without branches: run lengths and gaps are too irregular to be predicted by the
   * processor.
   */
  private static void mergeDeltas(
      long[] first,
      int firstCount,
      long[] later,
      int laterCount,
      RunIndex runs,
      byte[] states,
      long[] out) {
    byte[] startMask = runs.startMask;
    int a = 0;
    int b = 0;
    long previous = 0;
    int seen = 0;
    for (int i = 0; i < runs.rows; i++) {
      int present = ~(states[i] >> 31);
      seen &= ~startMask[i];
      int isFirst = present & ~seen;
      int isLater = present & seen;
      seen |= present;
      long base = first[a] & isFirst | previous & ~(long) isFirst;
      previous = base + (later[b] & isLater);
      out[i] = previous & present;
      a -= isFirst;
      b -= isLater;
    }
    if (a != firstCount || b != laterCount) {
      throw ByteReader.corrupt("a block's streams do not fit its stations");
    }
  }

  /** Puts differences to the row before together, run by run without a branch. */
  static void denseDeltas(long[] streams, RunIndex runs, byte @Nullable [] states, long[] out) {
    byte[] startMask = runs.startMask;
    int[] place = runs.place;
    int rows = runs.rows;
    long previous = 0;
    if (states == null) {
      for (int i = 0; i < rows; i++) {
        previous = (previous & ~(long) startMask[i]) + streams[place[i]];
        out[i] = previous;
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      previous = (previous & ~(long) startMask[i]) + streams[place[i]];
      out[i] = previous & ~(long) (states[i] >> 31);
    }
  }

  /** Puts codes of {@link #REPEAT} together. */
  static void denseRepeats(long[] streams, RunIndex runs, byte @Nullable [] states, long[] out) {
    byte[] startMask = runs.startMask;
    int[] place = runs.place;
    long previous = 0;
    for (int i = 0; i < runs.rows; i++) {
      long code = streams[place[i]];
      long moved = code > 0 ? code - 1 : code;
      long changed = code == 0 ? previous : moved;
      previous = startMask[i] != 0 ? code : changed;
      out[i] = previous;
    }
    if (states != null) {
      mask(states, runs.rows, out);
    }
  }

  /** Sets numbers without a value to 0. */
  static void mask(byte[] states, int rows, long[] out) {
    for (int i = 0; i < rows; i++) {
      out[i] &= ~(long) (states[i] >> 31);
    }
  }

  private static void spread(long[] numbers, byte[] states, int rows, long[] out) {
    int at = 0;
    for (int i = 0; i < rows; i++) {
      if (states[i] >= 0) {
        out[i] = numbers[at++];
      }
    }
  }
}
