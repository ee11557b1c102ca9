package org.mesohub.query;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.PackedColumn;
import org.mesohub.segment.PackedLongs;

/**
 * A block's rows that are still in question, and its parts, each decoded when first needed. Not
 * thread-safe.
 */
final class BlockRows {
  private final OpenSlice slice;
  private final int index;
  private final Chunk.Block block;
  private final int rows;
  private final @Nullable ColumnVector[] columns;
  private int @Nullable [] station;
  private long @Nullable [] timeMicros;
  private int @Nullable [] origin;
  private boolean @Nullable [] keep;

  BlockRows(OpenSlice slice, int index) {
    this.slice = slice;
    this.index = index;
    this.block = slice.chunk().block(index);
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
    if (timeMicros == null) {
      timeMicros = decodeTimes();
    }
    return timeMicros;
  }

  private long[] decodeTimes() {
    DecodedChunk decoded = slice.decoded();
    PackedLongs packed = decoded == null ? null : decoded.times(index);
    if (packed != null) {
      return packed.unpack();
    }
    long[] times = block.timeMicros();
    if (decoded != null && slice.keeps()) {
      decoded.keep(index, times, rows);
    }
    return times;
  }

  int[] origin() {
    return origin == null ? origin = block.origin() : origin;
  }

  /** The cells of a column; null when the chunk has no such column or the block no such cell. */
  @Nullable ColumnVector column(Column column) {
    int number = slice.indexOf(column);
    if (number < 0) {
      return null;
    }
    ColumnVector cells = columns[number];
    if (cells == null && !block.isAbsent(number)) {
      PackedColumn packed = packed(number);
      cells = packed == null ? decode(number) : packed.unpack();
      columns[number] = cells;
    }
    return cells;
  }

  /** The cells of a column at some rows; null like {@link #column(Column)}. */
  @Nullable ColumnVector column(Column column, int @Nullable [] picks) {
    if (picks == null) {
      return column(column);
    }
    int number = slice.indexOf(column);
    if (number < 0 || block.isAbsent(number)) {
      return null;
    }
    PackedColumn packed = columns[number] == null ? packed(number) : null;
    if (packed != null) {
      return packed.gather(picks);
    }
    ColumnVector cells = column(column);
    return cells == null ? null : Vectors.gather(cells, picks);
  }

  private @Nullable PackedColumn packed(int column) {
    DecodedChunk decoded = slice.decoded();
    return decoded == null ? null : decoded.cells(index, column);
  }

  private ColumnVector decode(int column) {
    ColumnVector cells = block.column(column);
    DecodedChunk decoded = slice.decoded();
    if (decoded != null && slice.keeps()) {
      decoded.keep(index, column, cells);
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
