package org.mesohub.segment;

import java.util.Arrays;

/** Makes the streams of a column that has numbers in few rows. */
final class SparseStreams {
  /** Blocks looked at when predictions are compared. */
  private static final int SAMPLE_BLOCKS = 3;

  private final int mode;
  private final KeyRows keys;

  /** The last number of each station in the block; any where {@link #seen} says otherwise. */
  private final EncodeScratch.Stations seen;

  /** The first stream grows from the start, the later one from the end, in falling order. */
  private final long[] numbers;

  private final int end;
  private int firstCount;
  private int laterCount;

  private SparseStreams(int mode, int count, KeyRows keys, EncodeScratch scratch) {
    this.mode = mode;
    this.keys = keys;
    this.end = count;
    this.numbers = scratch.longs(count);
    this.seen = scratch.stations(mode == Prediction.PLAIN ? 0 : keys.stations());
  }

  /** Streams whose array is lent from {@code scratch}. */
  static NumberStreams of(
      int mode,
      int[] rows,
      long[] numbers,
      int count,
      KeyRows keys,
      boolean sample,
      EncodeScratch scratch) {
    var made = new SparseStreams(mode, count, keys, scratch);
    int blocks = keys.blocks();
    var firstStart = new int[blocks + 1];
    var laterStart = new int[blocks + 1];
    int step = sample ? Math.max(1, (blocks + SAMPLE_BLOCKS - 1) / SAMPLE_BLOCKS) : 1;
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      int to = Arrays.binarySearch(rows, at, count, keys.blockEnd(block));
      to = to < 0 ? -to - 1 : to;
      if (block % step == 0) {
        made.take(rows, numbers, at, to);
      }
      at = to;
      firstStart[block + 1] = made.firstCount;
      laterStart[block + 1] = made.laterCount;
    }
    return made.streams(firstStart, laterStart);
  }

  private void take(int[] rows, long[] source, int from, int to) {
    if (mode == Prediction.PLAIN) {
      System.arraycopy(source, from, numbers, firstCount, to - from);
      firstCount += to - from;
      return;
    }
    boolean delta = mode == Prediction.DELTA;
    int stamp = seen.begin();
    int[] stampOf = seen.stamp;
    long[] last = seen.last;
    for (int i = from; i < to; i++) {
      int station = keys.station()[rows[i]];
      long number = source[i];
      if (stampOf[station] != stamp) {
        stampOf[station] = stamp;
        numbers[firstCount++] = number;
      } else {
        long previous = last[station];
        numbers[end - ++laterCount] =
            delta ? number - previous : Prediction.repeatCode(number, previous);
      }
      last[station] = number;
    }
  }

  private NumberStreams streams(int[] firstStart, int[] laterStart) {
    System.arraycopy(numbers, end - laterCount, numbers, firstCount, laterCount);
    for (int a = firstCount, b = firstCount + laterCount - 1; a < b; a++, b--) {
      long swap = numbers[a];
      numbers[a] = numbers[b];
      numbers[b] = swap;
    }
    for (int block = 0; block < laterStart.length; block++) {
      laterStart[block] += firstCount;
    }
    return new NumberStreams(
        mode, true, numbers, firstCount, firstCount + laterCount, firstStart, laterStart);
  }
}
