package org.mesohub.segment;

/** Makes the streams of a column that has a number in every row. */
final class DenseStreams {
  /** Rows looked at when predictions are compared. */
  private static final int SAMPLE_ROWS = 2_048;

  private DenseStreams() {}

  /**
   * A number for every row: rows without one repeat the one before of their run, or take the next
   * one of it; runs without any take the column's first number.
   */
  static long[] fill(int[] rows, long[] numbers, int count, int rowCount, Runs runs, long[] full) {
    byte[] startMask = runs.startMask();
    long filler = numbers[0];
    // Backwards: each row takes its number or the next one of its run.
    long next = filler;
    int at = count - 1;
    for (int i = rowCount - 1; i >= 0; i--) {
      int here = at >= 0 && rows[at] == i ? -1 : 0;
      next = here != 0 ? numbers[at] : next;
      at += here;
      full[i] = next;
      next = startMask[i] != 0 ? filler : next;
    }
    // Forwards: gaps after a number of their run repeat it.
    long before = 0;
    at = 0;
    for (int i = 0; i < rowCount; i++) {
      int here = at < count && rows[at] == i ? 1 : 0;
      at += here;
      before = (here | startMask[i]) != 0 ? full[i] : before;
      full[i] = before;
    }
    return full;
  }

  /** The cheapest mode for some rows in the middle. */
  static int choose(long[] full, KeyRows keys, Runs runs, EncodeScratch scratch, int... modes) {
    int mode = modes[0];
    if (modes.length == 1) {
      return mode;
    }
    int size = Math.min(keys.rows(), SAMPLE_ROWS);
    int from = (keys.rows() - size) / 2;
    var streams = new long[size];
    long best = Long.MAX_VALUE;
    for (int candidate : modes) {
      int firsts = sample(candidate, full, runs, from, streams);
      long cost =
          Histogram.costBits(streams, 0, firsts, scratch)
              + Histogram.costBits(streams, firsts, size, scratch);
      if (cost < best) {
        best = cost;
        mode = candidate;
      }
    }
    return mode;
  }

  /** Streams of some rows from {@code from} on; gives the number of firsts. */
  private static int sample(int mode, long[] full, Runs runs, int from, long[] streams) {
    if (mode == Prediction.PLAIN) {
      System.arraycopy(full, from, streams, 0, streams.length);
      return streams.length;
    }
    int firsts = 0;
    int laters = streams.length;
    for (int i = from; i < from + streams.length; i++) {
      if (i == from || runs.startMask()[i] != 0) {
        streams[firsts++] = full[i];
      } else {
        streams[--laters] =
            mode == Prediction.DELTA
                ? full[i] - full[i - 1]
                : Prediction.repeatCode(full[i], full[i - 1]);
      }
    }
    return firsts;
  }

  /** Streams in {@code numbers}, which is {@code full} itself when plain. */
  static NumberStreams of(int mode, long[] full, KeyRows keys, Runs runs, long[] numbers) {
    int rows = keys.rows();
    var firstStart = new int[keys.blocks() + 1];
    var laterStart = new int[keys.blocks() + 1];
    boolean plain = mode == Prediction.PLAIN;
    int firstCount = plain ? rows : runs.count();
    for (int block = 0; block <= keys.blocks(); block++) {
      int row = Math.min(rows, keys.blockStart(block));
      firstStart[block] = plain ? row : runs.blockRun()[block];
      laterStart[block] = firstCount + row - firstStart[block];
    }
    if (plain) {
      return new NumberStreams(mode, false, full, rows, rows, firstStart, laterStart);
    }
    byte[] startMask = runs.startMask();
    int[] place = runs.place();
    long before = 0;
    if (mode == Prediction.DELTA) {
      for (int i = 0; i < rows; i++) {
        long number = full[i];
        numbers[place[i]] = number - (before & ~(long) startMask[i]);
        before = number;
      }
    } else {
      for (int i = 0; i < rows; i++) {
        long number = full[i];
        numbers[place[i]] = startMask[i] != 0 ? number : Prediction.repeatCode(number, before);
        before = number;
      }
    }
    return new NumberStreams(mode, false, numbers, firstCount, rows, firstStart, laterStart);
  }
}
