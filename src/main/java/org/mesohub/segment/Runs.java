package org.mesohub.segment;

/**
 * Runs of rows of one station in a chunk to be; a run ends with its block.
 *
 * @param start first row of each run; one entry more, the number of rows
 * @param count number of runs
 * @param blockRun first run of each block; one entry more
 * @param startMask per row: -1 at the first row of a run, else 0
 * @param place per row: where its number goes when the first rows of all runs are followed by all
 *     other rows
 */
@SuppressWarnings("ArrayRecordComponent")
record Runs(int[] start, int count, int[] blockRun, byte[] startMask, int[] place) {
  static Runs of(KeyRows keys) {
    int[] station = keys.station();
    var start = new int[keys.rows() + 1];
    var blockRun = new int[keys.blocks() + 1];
    var startMask = new byte[keys.rows()];
    int count = 0;
    for (int block = 0; block < keys.blocks(); block++) {
      int from = keys.blockStart(block);
      for (int i = from; i < keys.blockEnd(block); i++) {
        if (i == from || station[i] != station[i - 1]) {
          start[count++] = i;
          startMask[i] = -1;
        }
      }
      blockRun[block + 1] = count;
    }
    start[count] = keys.rows();
    var place = new int[keys.rows()];
    int run = -1;
    for (int i = 0; i < place.length; i++) {
      int mask = startMask[i];
      run -= mask;
      place[i] = run & mask | count + i - run - 1 & ~mask;
    }
    return new Runs(start, count, blockRun, startMask, place);
  }
}
