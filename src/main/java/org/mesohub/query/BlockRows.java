package org.mesohub.query;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.segment.Chunk;

/**
 * A block's rows that are still in question, and its parts, each decoded when first needed. Not
 * thread-safe.
 */
final class BlockRows {
  private final OpenSlice slice;
  private final Chunk.Block block;
  private final int rows;
  private final @Nullable ColumnVector[] columns;
  private int @Nullable [] station;
  private long @Nullable [] timeMicros;
  private int @Nullable [] origin;
  private boolean @Nullable [] keep;

  BlockRows(OpenSlice slice, Chunk.Block block) {
    this.slice = slice;
    this.block = block;
    this.rows = block.rows();
    this.columns = new @Nullable ColumnVector[slice.chunk().columns().size()];
  }

  Chunk.Block block() {
    return block;
  }

  int rows() {
    return rows;
  }

  int[] station() {
    return station == null ? station = block.station() : station;
  }

  long[] timeMicros() {
    return timeMicros == null ? timeMicros = block.timeMicros() : timeMicros;
  }

  int[] origin() {
    return origin == null ? origin = block.origin() : origin;
  }

  /** The cells of a column; null when the chunk has no such column or the block no such cell. */
  @Nullable ColumnVector column(Column column) {
    int index = slice.indexOf(column);
    if (index < 0) {
      return null;
    }
    ColumnVector cells = columns[index];
    if (cells == null && !block.isAbsent(index)) {
      cells = block.column(index);
      columns[index] = cells;
    }
    return cells;
  }

  /** Per row whether it is still in question, for narrowing in place. */
  boolean[] keep() {
    if (keep == null) {
      keep = new boolean[rows];
      Arrays.fill(keep, true);
    }
    return keep;
  }

  /** Positions of the rows kept; null when all are. */
  int @Nullable [] picks() {
    return Picks.of(keep, rows);
  }
}
