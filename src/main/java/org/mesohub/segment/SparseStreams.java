package org.mesohub.segment;

import java.util.Arrays;

/** Makes the streams of a column that has numbers in few rows. */
final class SparseStreams {
  /** Blocks looked at when predictions are compared. */
  private static final int SAMPLE_BLOCKS = 3;

  private final int mode;
  private final KeyRows keys;
  private final long[] last;
  private final int[] seenInBlock;

  /** The first stream grows from the start, the later one from the end, in falling order. */
  private final long[] numbers;

  private int firstCount;
  private int laterCount;

  private SparseStreams(int mode, int count, KeyRows keys) {
    this.mode = mode;
    this.keys = keys;
    this.numbers = new long[count];
    this.last = new long[mode == Prediction.PLAIN ? 0 : keys.stations()];
    this.seenInBlock = new int[last.length];
  }

  static NumberStreams of(
      int mode, int[] rows, long[] numbers, int count, KeyRows keys, boolean sample) {
    var made = new SparseStreams(mode, count, keys);
    int blocks = keys.blocks();
    var firstStart = new int[blocks + 1];
    var laterStart = new int[blocks + 1];
    int step = sample ? Math.max(1, (blocks + SAMPLE_BLOCKS - 1) / SAMPLE_BLOCKS) : 1;
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      int end = Arrays.binarySearch(rows, at, count, keys.blockEnd(block));
      end = end < 0 ? -end - 1 : end;
      if (block % step == 0) {
        made.take(rows, numbers, at, end, block + 1);
      }
      at = end;
      firstStart[block + 1] = made.firstCount;
      laterStart[block + 1] = made.laterCount;
    }
    return made.streams(firstStart, laterStart);
  }

  private void take(int[] rows, long[] source, int from, int to, int stamp) {
    if (mode == Prediction.PLAIN) {
      System.arraycopy(source, from, numbers, firstCount, to - from);
      firstCount += to - from;
      return;
    }
    boolean delta = mode == Prediction.DELTA;
    for (int i = from; i < to; i++) {
      int station = keys.station()[rows[i]];
      long number = source[i];
      if (seenInBlock[station] != stamp) {
        seenInBlock[station] = stamp;
        numbers[firstCount++] = number;
      } else {
        long previous = last[station];
        numbers[numbers.length - ++laterCount] =
            delta ? number - previous : Prediction.repeatCode(number, previous);
      }
      last[station] = number;
    }
  }

  private NumberStreams streams(int[] firstStart, int[] laterStart) {
    var later = new long[laterCount];
    for (int i = 0; i < laterCount; i++) {
      later[i] = numbers[numbers.length - 1 - i];
    }
    System.arraycopy(later, 0, numbers, firstCount, laterCount);
    for (int block = 0; block < laterStart.length; block++) {
      laterStart[block] += firstCount;
    }
    return new NumberStreams(
        mode, true, numbers, firstCount, firstCount + laterCount, firstStart, laterStart);
  }
}
