package org.mesohub.segment;

/**
 * Where the stations of a block stand: runs of rows of one station, and a dense number (slot) for
 * each station that occurs.
 */
final class RunIndex {
  final int rows;
  final int count;

  /** First row of each run; one entry more, the number of rows. */
  final int[] start;

  /** Station dictionary index of each run. */
  final int[] station;

  /** Dense station number of each run. */
  final int[] slot;

  /** Number of different stations. */
  final int slots;

  /** Whether no station has two runs. */
  final boolean stationsOnce;

  /** Per row: -1 at the first row of a run, else 0. */
  final byte[] startMask;

  /**
   * Per row: where its number stands when the numbers of first rows, run by run, are followed by
   * those of the other rows.
   */
  final int[] place;

  /** Per row: station dictionary index; not handed out. */
  private final int[] stationOfRow;

  RunIndex(int rows, int count, int[] start, int[] station, int stations) {
    this.rows = rows;
    this.count = count;
    this.start = start;
    this.station = station;
    this.slot = new int[count];
    boolean ascending = true;
    for (int i = 0; i < count; i++) {
      slot[i] = i;
      ascending &= i == 0 || station[i] > station[i - 1];
    }
    this.startMask = new byte[rows];
    for (int i = 0; i < count; i++) {
      startMask[start[i]] = -1;
    }
    this.place = new int[rows];
    this.stationOfRow = new int[rows];
    int run = -1;
    for (int i = 0; i < rows; i++) {
      int mask = startMask[i];
      run -= mask;
      place[i] = run & mask | count + i - run - 1 & ~mask;
      stationOfRow[i] = station[run];
    }
    this.stationsOnce = ascending;
    this.slots = ascending ? count : number(stations);
  }

  /** Per row: station dictionary index, a copy. */
  int[] stations() {
    return stationOfRow.clone();
  }

  private int number(int stations) {
    var slotOf = new int[stations];
    int used = 0;
    for (int i = 0; i < count; i++) {
      if (slotOf[station[i]] == 0) {
        slotOf[station[i]] = ++used;
      }
      slot[i] = slotOf[station[i]] - 1;
    }
    return used;
  }
}
