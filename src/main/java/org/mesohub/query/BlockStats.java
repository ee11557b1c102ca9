package org.mesohub.query;

import org.mesohub.observation.Column;
import org.mesohub.segment.Chunk;

/** Bounds of the values in some blocks of a chunk, from their headers. */
record BlockStats(OpenSlice slice, int fromBlock, int toBlock) {
  /** Whether every cell of a column is absent. */
  boolean isAbsent(Column column) {
    int index = slice.indexOf(column);
    for (int b = fromBlock; b < toBlock && index >= 0; b++) {
      if (!slice.chunk().block(b).isAbsent(index)) {
        return false;
      }
    }
    return true;
  }

  /** Lower bound of the numbers; NaN when there is none. */
  double min(Column column) {
    double min = Double.NaN;
    int index = slice.indexOf(column);
    for (int b = fromBlock; b < toBlock && index >= 0; b++) {
      Chunk.Block block = slice.chunk().block(b);
      double value = block.min(index);
      min = Double.isNaN(min) || value < min ? value : min;
    }
    return min;
  }

  /** Upper bound of the numbers; NaN when there is none. */
  double max(Column column) {
    double max = Double.NaN;
    int index = slice.indexOf(column);
    for (int b = fromBlock; b < toBlock && index >= 0; b++) {
      Chunk.Block block = slice.chunk().block(b);
      double value = block.max(index);
      max = Double.isNaN(max) || value > max ? value : max;
    }
    return max;
  }
}
