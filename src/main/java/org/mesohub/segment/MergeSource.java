package org.mesohub.segment;

/** A batch on its way through a merge. */
final class MergeSource {
  private final VersionBatch batch;
  private final MergeStations.Ranks ranks;
  private final int[] station;
  private final long[] timeMicros;
  private final int rows;

  /** First row not yet handed on. */
  private int from;

  /** Row after the last that may be handed on; {@code from <= safe <= rows}. */
  private int safe;

  MergeSource(VersionBatch batch, MergeStations.Ranks ranks) {
    this.batch = batch;
    this.ranks = ranks;
    this.station = batch.rows().station();
    this.timeMicros = batch.rows().timeMicros();
    this.rows = batch.rows().rows();
  }

  VersionBatch batch() {
    return batch;
  }

  MergeStations.Ranks ranks() {
    return ranks;
  }

  int from() {
    return from;
  }

  int safe() {
    return safe;
  }

  int rows() {
    return rows;
  }

  /** Compares the keys of two rows. */
  int compare(int row, MergeSource other, int otherRow) {
    return KeySort.compare(
        ranks.rank()[station[row]],
        timeMicros[row],
        other.ranks.rank()[other.station[otherRow]],
        other.timeMicros[otherRow]);
  }

  /** Compares the last rows. */
  int compareLast(MergeSource other) {
    return compare(rows - 1, other, other.rows - 1);
  }

  /** Makes all rows safe; returns how many more than before. */
  int allSafe() {
    int more = rows - safe;
    safe = rows;
    return more;
  }

  /**
   * Makes the rows safe whose keys are below that of the bound's last row; returns how many more
   * than before.
   */
  int safeBelow(MergeSource bound) {
    int boundRow = bound.rows - 1;
    int low = safe;
    int high = rows;
    if (low < high && compare(high - 1, bound, boundRow) < 0) {
      low = high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, bound, boundRow) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int more = low - safe;
    safe = low;
    return more;
  }

  /** Hands the safe rows on. */
  void takeSafe() {
    from = safe;
  }
}
