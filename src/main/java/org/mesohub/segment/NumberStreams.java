package org.mesohub.segment;

/**
 * The numbers of a column of a chunk to be, split into the two streams of a {@link Prediction}.
 *
 * @param numbers those of the first stream, then those of the later one
 * @param firstCount numbers in the first stream
 * @param count numbers in both
 * @param firstStart where each block starts in the first stream; one entry more
 * @param laterStart where each block starts in the later stream, as an index into {@code numbers};
 *     one entry more
 */
@SuppressWarnings("ArrayRecordComponent")
record NumberStreams(
    int mode,
    boolean sparse,
    long[] numbers,
    int firstCount,
    int count,
    int[] firstStart,
    int[] laterStart) {

  /** An estimate of what the streams cost, tables included. */
  long costBits(EncodeScratch scratch) {
    return Histogram.costBits(numbers, 0, firstCount, scratch)
        + Histogram.costBits(numbers, firstCount, count, scratch);
  }
}
