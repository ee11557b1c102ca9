package org.mesohub.segment;

import java.util.Arrays;

/** Makes the streams of a column that has a number in every row. */
final class DenseStreams {
  private DenseStreams() {}

  /**
   * A number for every row: rows without one repeat the one before of their run, or take the run's
   * first; runs without any take the column's first number.
   */
  static long[] fill(int[] rows, long[] numbers, int count, int rowCount, Runs runs) {
    var full = new long[rowCount];
    int at = 0;
    for (int run = 0; run < runs.count(); run++) {
      int end = runs.start()[run + 1];
      long number = at < count && rows[at] < end ? numbers[at] : numbers[0];
      for (int i = runs.start()[run]; i < end; i++) {
        if (at < count && rows[at] == i) {
          number = numbers[at++];
        }
        full[i] = number;
      }
    }
    return full;
  }

  /** The cheapest mode for a block in the middle. */
  static int choose(long[] full, KeyRows keys, Runs runs, int... modes) {
    int mode = modes[0];
    if (modes.length == 1) {
      return mode;
    }
    int block = keys.blocks() / 2;
    long best = Long.MAX_VALUE;
    for (int candidate : modes) {
      var sample =
          new NumberStreams(
              candidate, false, keys.blockEnd(block) - keys.blockStart(block), keys.blocks());
      append(sample, full, keys, runs, block);
      long cost = sample.costBits();
      if (cost < best) {
        best = cost;
        mode = candidate;
      }
    }
    return mode;
  }

  static NumberStreams of(int mode, long[] full, KeyRows keys, Runs runs) {
    var streams = new NumberStreams(mode, false, keys.rows(), keys.blocks());
    for (int block = 0; block < keys.blocks(); block++) {
      append(streams, full, keys, runs, block);
    }
    return streams;
  }

  private static void append(NumberStreams to, long[] full, KeyRows keys, Runs runs, int block) {
    int from = keys.blockStart(block);
    int end = keys.blockEnd(block);
    if (to.mode == Prediction.PLAIN) {
      System.arraycopy(full, from, to.first, to.firstCount, end - from);
      to.firstCount += end - from;
    } else {
      for (int run = runs.blockRun()[block]; run < runs.blockRun()[block + 1]; run++) {
        int start = runs.start()[run];
        int length = runs.start()[run + 1] - start;
        to.first[to.firstCount++] = full[start];
        int at = to.laterCount - 1;
        if (to.mode == Prediction.DELTA) {
          for (int i = 1; i < length; i++) {
            to.later[at + i] = full[start + i] - full[start + i - 1];
          }
        } else {
          for (int i = 1; i < length; i++) {
            to.later[at + i] = Prediction.repeatCode(full[start + i], full[start + i - 1]);
          }
        }
        to.laterCount += length - 1;
      }
    }
    Arrays.fill(to.firstStart, block + 1, to.firstStart.length, to.firstCount);
    Arrays.fill(to.laterStart, block + 1, to.laterStart.length, to.laterCount);
  }
}
