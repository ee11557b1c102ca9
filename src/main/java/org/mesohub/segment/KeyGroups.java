package org.mesohub.segment;

import org.mesohub.observation.ObservationBatch;

/** Runs of rows with equal keys in a sorted batch. */
final class KeyGroups {
  private final int count;

  /** Per group its first row, then the number of rows. */
  private final int[] starts;

  private KeyGroups(int count, int[] starts) {
    this.count = count;
    this.starts = starts;
  }

  static KeyGroups of(ObservationBatch rows) {
    int[] station = rows.station();
    long[] time = rows.timeMicros();
    var starts = new int[rows.rows() + 1];
    int count = 0;
    for (int row = 0; row < rows.rows(); row++) {
      if (row == 0 || time[row] != time[row - 1] || station[row] != station[row - 1]) {
        starts[count++] = row;
      }
    }
    starts[count] = rows.rows();
    return new KeyGroups(count, starts);
  }

  int count() {
    return count;
  }

  /** First row of a group. */
  int start(int group) {
    return starts[group];
  }

  /** Row after the last of a group. */
  int end(int group) {
    return starts[group + 1];
  }

  boolean isSingle(int group) {
    return starts[group + 1] == starts[group] + 1;
  }
}
