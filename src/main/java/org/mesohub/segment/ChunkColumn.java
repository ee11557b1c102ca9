package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ValueKind;

/** The cells of one column in the rows that become a chunk, taken out of a {@link ColumnCells}. */
final class ChunkColumn {
  /** Scale form of a column whose cells have different scales. */
  static final int MIXED_SCALES = CellState.SCALE_MAX + 1;

  final Column column;

  /** Cells that are not absent. */
  final int size;

  /** Per cell: row in the chunk. */
  final int[] row;

  final byte[] state;

  /** Number of present cells. */
  final int present;

  /** Whether some of them is a zero with a minus sign. */
  final boolean negativeZeros;

  /** Per present cell: row in the chunk. */
  int[] presentRow;

  /** Per present cell: unscaled decimal, float bits, or index into {@link #texts}. */
  long[] value;

  private final ColumnCells cells;
  private final int fromCell;
  private @Nullable EncodeScratch lender;

  /** The scale of all present cells, or {@link #MIXED_SCALES}. */
  final int scale;

  /** Texts used, ascending. */
  final List<String> texts;

  private ChunkColumn(ColumnCells cells, int fromCell, int toCell, int fromRow) {
    this.column = cells.column;
    this.cells = cells;
    this.fromCell = fromCell;
    this.size = toCell - fromCell;
    this.row = from(cells.row, fromCell, toCell, fromRow);
    this.state = fromCell == 0 ? cells.state : Arrays.copyOfRange(cells.state, fromCell, toCell);
    int n = 0;
    int any = 0;
    int all = -1;
    for (int i = 0; i < size; i++) {
      int present = ~state[i] >> 31;
      any |= state[i] & present;
      all &= state[i] | ~present;
      n -= present;
    }
    boolean oneScale = CellState.scale(any) == CellState.scale(all);
    this.present = n;
    this.scale = n == 0 ? 0 : oneScale ? CellState.scale(any) : MIXED_SCALES;
    this.negativeZeros = CellState.isNegativeZero(any);
    this.presentRow = row;
    this.value = cells.value;
    this.texts = column.kind() == ValueKind.TEXT ? sortedTexts() : List.of();
  }

  private static int[] from(int[] rows, int from, int to, int first) {
    if (from == 0 && first == 0) {
      return rows;
    }
    var shifted = new int[to - from];
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = rows[from + i] - first;
    }
    return shifted;
  }

  /** Makes {@link #presentRow} and {@link #value}, which are lent until {@link #givePresent}. */
  void takePresent(EncodeScratch scratch) {
    boolean isText = column.kind() == ValueKind.TEXT;
    if (present < size || fromCell > 0 || isText) {
      lender = scratch;
      value = compact(cells.value, scratch.longs(present + 1));
      presentRow = compact(row, scratch.ints(present + 1));
    }
    if (isText) {
      rankTexts();
    }
  }

  void givePresent() {
    if (lender != null) {
      lender.give(value);
      lender.give(presentRow);
      value = cells.value;
      presentRow = row;
      lender = null;
    }
  }

  /** Without a branch that depends on data: what belongs to no present cell is written over. */
  private long[] compact(long[] from, long[] to) {
    int n = 0;
    for (int i = 0; i < size; i++) {
      to[n] = from[fromCell + i];
      n -= ~state[i] >> 31;
    }
    return to;
  }

  private int[] compact(int[] from, int[] to) {
    int n = 0;
    for (int i = 0; i < size; i++) {
      to[n] = from[i];
      n -= ~state[i] >> 31;
    }
    return to;
  }

  /** The cells in rows {@code [from, to)} of the buffer. */
  static ChunkColumn of(ColumnCells cells, int from, int to) {
    return new ChunkColumn(cells, cells.lowerBound(from), cells.lowerBound(to), from);
  }

  private List<String> sortedTexts() {
    var used = new TreeSet<String>();
    var seen = new boolean[cells.texts.size()];
    for (int i = 0; i < size; i++) {
      int code = (int) cells.value[fromCell + i];
      if (state[i] >= 0 && !seen[code]) {
        seen[code] = true;
        used.add(cells.texts.get(code));
      }
    }
    return new ArrayList<>(used);
  }

  private void rankTexts() {
    var rank = new int[cells.texts.size()];
    for (int code = 0; code < rank.length; code++) {
      rank[code] = java.util.Collections.binarySearch(texts, cells.texts.get(code));
    }
    for (int i = 0; i < present; i++) {
      value[i] = rank[(int) value[i]];
    }
  }

  /** Whether all rows have the same state symbol. */
  boolean isUniform(int rows) {
    return size == rows && (present == rows || present == 0) && !negativeZeros;
  }

  /** Writes the state symbol of every row. */
  void symbols(byte[] out, int rows) {
    if (size == rows) {
      for (int i = 0; i < rows; i++) {
        out[i] = (byte) StateSymbol.of(state[i]);
      }
      return;
    }
    Arrays.fill(out, 0, rows, (byte) StateSymbol.ABSENT);
    for (int i = 0; i < size; i++) {
      out[row[i]] = (byte) StateSymbol.of(state[i]);
    }
  }

  /** Scale per present cell. */
  long[] scales() {
    var scales = new long[present];
    int n = 0;
    for (int i = 0; i < size; i++) {
      if (state[i] >= 0) {
        scales[n++] = CellState.scale(state[i]);
      }
    }
    return scales;
  }

  /** First present cell at or after a row. */
  int presentFrom(int atRow) {
    int found = Arrays.binarySearch(presentRow, 0, present, atRow);
    return found >= 0 ? found : -found - 1;
  }

  /** Whether some cell in rows {@code [from, to)} is not absent. */
  boolean hasCells(int from, int to) {
    int found = Arrays.binarySearch(row, 0, size, from);
    int at = found >= 0 ? found : -found - 1;
    return at < size && row[at] < to;
  }

  /** Lower bound of present cells {@code [from, to)}, at least one. */
  float lowerBound(int from, int to, long[] scales) {
    if (column.kind() == ValueKind.FLOAT32) {
      float min = Float.POSITIVE_INFINITY;
      for (int i = from; i < to; i++) {
        min = Math.min(min, Float.intBitsToFloat((int) value[i]));
      }
      return min;
    }
    double min = Double.POSITIVE_INFINITY;
    if (scale != MIXED_SCALES) {
      long least = Long.MAX_VALUE;
      for (int i = from; i < to; i++) {
        least = Math.min(least, value[i]);
      }
      min = below(least, scale);
    } else {
      for (int i = from; i < to; i++) {
        min = Math.min(min, below(value[i], (int) scales[i]));
      }
    }
    float bound = (float) min;
    return bound > min ? Math.nextDown(bound) : bound;
  }

  /** Upper bound of present cells {@code [from, to)}, at least one. */
  float upperBound(int from, int to, long[] scales) {
    if (column.kind() == ValueKind.FLOAT32) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        max = Math.max(max, Float.intBitsToFloat((int) value[i]));
      }
      return max;
    }
    double max = Double.NEGATIVE_INFINITY;
    if (scale != MIXED_SCALES) {
      long most = Long.MIN_VALUE;
      for (int i = from; i < to; i++) {
        most = Math.max(most, value[i]);
      }
      max = -below(-most, scale);
    } else {
      for (int i = from; i < to; i++) {
        max = Math.max(max, -below(-value[i], (int) scales[i]));
      }
    }
    float bound = (float) max;
    return bound < max ? Math.nextUp(bound) : bound;
  }

  /**
   * A double at or below a decimal. Division and conversion may each round up by half a unit in the
   * last place.
   */
  private static double below(long unscaled, int scale) {
    double near = Decimal.toDouble(unscaled, scale);
    boolean exact = scale == 0 && Math.abs(unscaled) <= 1L << 53;
    return exact ? near : Math.nextDown(Math.nextDown(near));
  }
}
