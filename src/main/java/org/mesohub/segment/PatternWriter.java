package org.mesohub.segment;

import java.util.Arrays;
import java.util.List;

/**
 * The state patterns of a chunk: rows whose columns are present, missing and absent alike share a
 * pattern, so that the states of all columns cost one small number a row. Columns that would make
 * too many patterns keep states of their own.
 */
final class PatternWriter {
  /** More patterns than this are no longer cheaper than states column by column. */
  static final int PATTERNS_MAX = 4096;

  /** Patterns times columns, bounded for the reader's memory. */
  static final int TABLE_CELLS_MAX = 1 << 20;

  /** Rows needed per pattern before a column may join. */
  private static final int ROWS_PER_PATTERN_MIN = 8;

  /** Patterns that are always allowed. */
  private static final int PATTERNS_FREE = 16;

  /** Pattern per row. */
  int[] pattern;

  int patterns = 1;

  /** Per column: states by pattern, not its own. */
  final boolean[] joined;

  private final List<ChunkColumn> columns;
  private final int rows;

  PatternWriter(List<ChunkColumn> columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    this.pattern = new int[rows];
    this.joined = new boolean[columns.size()];
    int limit = Math.min(PATTERNS_MAX, Math.max(PATTERNS_FREE, rows / ROWS_PER_PATTERN_MIN));
    limit = Math.min(limit, TABLE_CELLS_MAX / Math.max(1, columns.size()));
    var symbols = new byte[rows];
    for (int c = 0; c < columns.size(); c++) {
      joined[c] = refine(columns.get(c), symbols, limit);
    }
  }

  /**
   * Splits patterns by one column's states; false, and nothing changed, when that makes too many.
   */
  private boolean refine(ChunkColumn column, byte[] symbols, int limit) {
    if (column.isUniform(rows)) {
      return true;
    }
    column.symbols(symbols, rows);
    var renumbered = new int[patterns * StateSymbol.COUNT];
    Arrays.fill(renumbered, -1);
    int made = 0;
    var refined = new int[rows];
    for (int i = 0; i < rows; i++) {
      int key = pattern[i] * StateSymbol.COUNT + symbols[i];
      if (renumbered[key] < 0) {
        renumbered[key] = made++;
      }
      refined[i] = renumbered[key];
    }
    if (made > limit) {
      return false;
    }
    pattern = refined;
    patterns = made;
    return true;
  }

  /** State symbols by column, then pattern, of the columns that joined. */
  ByteWriter table() {
    var example = new int[patterns];
    for (int i = rows - 1; i >= 0; i--) {
      example[pattern[i]] = i;
    }
    var table = new ByteWriter(patterns * columns.size());
    for (int c = 0; c < columns.size(); c++) {
      if (joined[c]) {
        for (int row : example) {
          table.u8(columns.get(c).symbolAt(row));
        }
      }
    }
    return table;
  }
}
