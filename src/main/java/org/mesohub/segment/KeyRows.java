package org.mesohub.segment;

/**
 * The keys of the rows of a chunk to be.
 *
 * @param rows number of rows
 * @param stations number of stations in the dictionary
 * @param station per row, index into the dictionary
 * @param timeMicros per row
 */
@SuppressWarnings("ArrayRecordComponent")
record KeyRows(int rows, int stations, int[] station, long[] timeMicros) {
  int blocks() {
    return (rows + ChunkLimits.BLOCK_ROWS - 1) / ChunkLimits.BLOCK_ROWS;
  }

  int blockStart(int block) {
    return block * ChunkLimits.BLOCK_ROWS;
  }

  int blockEnd(int block) {
    return Math.min(rows, blockStart(block) + ChunkLimits.BLOCK_ROWS);
  }

  /** Whether a row has the key of the row before it. */
  boolean repeatsKey(int row) {
    return row > 0 && station[row] == station[row - 1] && timeMicros[row] == timeMicros[row - 1];
  }
}
