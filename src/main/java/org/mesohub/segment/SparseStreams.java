package org.mesohub.segment;

import java.util.Arrays;

/** Makes the streams of a column that has numbers in few rows. */
final class SparseStreams {
  /** Blocks looked at when predictions are compared. */
  private static final int SAMPLE_BLOCKS = 3;

  private final NumberStreams streams;
  private final KeyRows keys;
  private final long[] last;
  private final int[] seenInBlock;

  private SparseStreams(int mode, int count, KeyRows keys) {
    this.streams = new NumberStreams(mode, true, count, keys.blocks());
    this.keys = keys;
    this.last = new long[mode == Prediction.PLAIN ? 0 : keys.stations()];
    this.seenInBlock = new int[last.length];
  }

  static NumberStreams of(
      int mode, int[] rows, long[] numbers, int count, KeyRows keys, boolean sample) {
    var made = new SparseStreams(mode, count, keys);
    NumberStreams streams = made.streams;
    int blocks = keys.blocks();
    int step = sample ? Math.max(1, (blocks + SAMPLE_BLOCKS - 1) / SAMPLE_BLOCKS) : 1;
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      int end = Arrays.binarySearch(rows, at, count, keys.blockEnd(block));
      end = end < 0 ? -end - 1 : end;
      if (block % step == 0) {
        if (mode == Prediction.PLAIN) {
          System.arraycopy(numbers, at, streams.first, streams.firstCount, end - at);
          streams.firstCount += end - at;
        } else {
          made.split(rows, numbers, at, end, block + 1);
        }
      }
      at = end;
      streams.firstStart[block + 1] = streams.firstCount;
      streams.laterStart[block + 1] = streams.laterCount;
    }
    return streams;
  }

  private void split(int[] rows, long[] numbers, int from, int to, int stamp) {
    boolean delta = streams.mode == Prediction.DELTA;
    for (int i = from; i < to; i++) {
      int station = keys.station()[rows[i]];
      long number = numbers[i];
      if (seenInBlock[station] != stamp) {
        seenInBlock[station] = stamp;
        streams.first[streams.firstCount++] = number;
      } else {
        long previous = last[station];
        streams.later[streams.laterCount++] =
            delta ? number - previous : Prediction.repeatCode(number, previous);
      }
      last[station] = number;
    }
  }
}
