package org.mesohub.segment;

/** The numbers of a column of a chunk to be, split into the two streams of a {@link Prediction}. */
final class NumberStreams {
  final int mode;
  final boolean sparse;
  final long[] first;
  final long[] later;

  /** Where each block starts in the streams; one entry more. */
  final int[] firstStart;

  final int[] laterStart;
  int firstCount;
  int laterCount;

  /**
   * @param numbers most numbers that a stream may get
   */
  NumberStreams(int mode, boolean sparse, int numbers, int blocks) {
    this.mode = mode;
    this.sparse = sparse;
    this.first = new long[numbers];
    this.later = new long[mode == Prediction.PLAIN ? 0 : numbers];
    this.firstStart = new int[blocks + 1];
    this.laterStart = new int[blocks + 1];
  }

  /** An estimate of what the streams cost, tables included. */
  long costBits() {
    return Histogram.costBits(first, firstCount) + Histogram.costBits(later, laterCount);
  }
}
