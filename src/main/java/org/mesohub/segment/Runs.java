package org.mesohub.segment;

/**
 * Runs of rows of one station in a chunk to be; a run ends with its block.
 *
 * @param start first row of each run; one entry more, the number of rows
 * @param count number of runs
 * @param blockRun first run of each block; one entry more
 */
@SuppressWarnings("ArrayRecordComponent")
record Runs(int[] start, int count, int[] blockRun) {
  static Runs of(KeyRows keys) {
    int[] station = keys.station();
    var start = new int[keys.rows() + 1];
    var blockRun = new int[keys.blocks() + 1];
    int count = 0;
    for (int block = 0; block < keys.blocks(); block++) {
      int from = keys.blockStart(block);
      for (int i = from; i < keys.blockEnd(block); i++) {
        if (i == from || station[i] != station[i - 1]) {
          start[count++] = i;
        }
      }
      blockRun[block + 1] = count;
    }
    start[count] = keys.rows();
    return new Runs(start, count, blockRun);
  }
}
