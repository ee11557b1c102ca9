package org.mesohub.segment;

/** Splits a column's numbers into the streams of the best {@link Prediction} and writes them. */
final class NumberColumnWriter {
  /** A column is dense from this many rows per present cell down. */
  private static final int DENSE_ROWS_PER_CELL = 2;

  private final NumberStreams streams;
  private final StreamWriter first;
  private final StreamWriter later;
  private final EncodeScratch scratch;

  /** Whether the streams' array goes back when all is written. */
  private final boolean lent;

  private NumberColumnWriter(NumberStreams streams, boolean lent, EncodeScratch scratch) {
    this.streams = streams;
    this.lent = lent;
    this.scratch = scratch;
    this.first = new StreamWriter(streams.numbers(), 0, streams.firstCount(), scratch);
    this.later =
        new StreamWriter(streams.numbers(), streams.firstCount(), streams.count(), scratch);
  }

  /**
   * @param rows per number, its row in the chunk, ascending
   * @param keys of all rows of the chunk
   * @param modes predictions to choose from
   */
  static NumberColumnWriter of(
      int[] rows,
      long[] numbers,
      int count,
      KeyRows keys,
      Runs runs,
      EncodeScratch scratch,
      int... modes) {
    if ((long) count * DENSE_ROWS_PER_CELL < keys.rows()) {
      return sparse(rows, numbers, count, keys, scratch, modes);
    }
    boolean gaps = count < keys.rows();
    long[] full =
        gaps
            ? DenseStreams.fill(rows, numbers, count, keys.rows(), runs, scratch.longs(keys.rows()))
            : numbers;
    int mode = DenseStreams.choose(full, keys, runs, scratch, modes);
    boolean plain = mode == Prediction.PLAIN;
    long[] to = plain ? full : scratch.longs(keys.rows());
    NumberStreams streams = DenseStreams.of(mode, full, keys, runs, to);
    if (gaps && !plain) {
      scratch.give(full);
    }
    return new NumberColumnWriter(streams, gaps || !plain, scratch);
  }

  private static NumberColumnWriter sparse(
      int[] rows, long[] numbers, int count, KeyRows keys, EncodeScratch scratch, int... modes) {
    int mode = modes[0];
    if (modes.length > 1) {
      long best = Long.MAX_VALUE;
      for (int candidate : modes) {
        NumberStreams sample =
            SparseStreams.of(candidate, rows, numbers, count, keys, true, scratch);
        long cost = sample.costBits(scratch);
        scratch.give(sample.numbers());
        if (cost < best) {
          best = cost;
          mode = candidate;
        }
      }
    }
    return new NumberColumnWriter(
        SparseStreams.of(mode, rows, numbers, count, keys, false, scratch), true, scratch);
  }

  /** Ends the writing. */
  void close() {
    first.close();
    later.close();
    if (lent) {
      scratch.give(streams.numbers());
    }
  }

  void writeTables(HeaderLanes lanes) {
    lanes.meta.varint(streams.mode() + (streams.sparse() ? Prediction.SPARSE : 0));
    first.writeTable(lanes);
    if (streams.mode() != Prediction.PLAIN) {
      later.writeTable(lanes);
    }
  }

  /**
   * Appends a block's numbers. Dense ones must be left out when no cell of the block is present.
   */
  void writeBlock(int block, ByteWriter out) {
    int firsts = streams.firstStart()[block + 1] - streams.firstStart()[block];
    if (streams.sparse() && streams.mode() != Prediction.PLAIN && firsts > 0) {
      out.varint(firsts);
    }
    first.writeBlock(streams.firstStart()[block], streams.firstStart()[block + 1], out);
    if (streams.mode() != Prediction.PLAIN) {
      later.writeBlock(streams.laterStart()[block], streams.laterStart()[block + 1], out);
    }
  }
}
