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

  /**
   * Per column that split patterns: by pattern after it, the one before times {@link
   * StateSymbol#COUNT} plus the symbol; empty for a column that did not.
   */
  private final int[][] made;

  PatternWriter(List<ChunkColumn> columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    this.pattern = new int[rows];
    this.joined = new boolean[columns.size()];
    this.made = new int[columns.size()][0];
    int limit = Math.min(PATTERNS_MAX, Math.max(PATTERNS_FREE, rows / ROWS_PER_PATTERN_MIN));
    limit = Math.min(limit, TABLE_CELLS_MAX / Math.max(1, columns.size()));
    var symbols = new byte[rows];
    for (int c = 0; c < columns.size(); c++) {
      joined[c] = refine(c, symbols, limit);
    }
  }

  /**
   * Splits patterns by one column's states; false, and nothing changed, when that makes too many.
   */
  private boolean refine(int c, byte[] symbols, int limit) {
    ChunkColumn column = columns.get(c);
    if (column.isUniform(rows)) {
      return true;
    }
    column.symbols(symbols, rows);
    var renumbered = new int[patterns * StateSymbol.COUNT];
    Arrays.fill(renumbered, -1);
    var keys = new int[renumbered.length];
    int count = 0;
    var refined = new int[rows];
    for (int i = 0; i < rows; i++) {
      int key = pattern[i] * StateSymbol.COUNT + symbols[i];
      if (renumbered[key] < 0) {
        keys[count] = key;
        renumbered[key] = count++;
      }
      refined[i] = renumbered[key];
    }
    if (count > limit) {
      return false;
    }
    pattern = refined;
    patterns = count;
    made[c] = keys;
    return true;
  }

  /** State symbols by column, then pattern, of the columns that joined. */
  ByteWriter table() {
    var symbols = new byte[columns.size()][patterns];
    for (int last = 0; last < patterns; last++) {
      int before = last;
      for (int c = columns.size() - 1; c >= 0; c--) {
        int[] keys = made[c];
        if (keys.length > 0) {
          symbols[c][last] = (byte) (keys[before] % StateSymbol.COUNT);
          before = keys[before] / StateSymbol.COUNT;
        }
      }
    }
    var table = new ByteWriter(patterns * columns.size());
    for (int c = 0; c < columns.size(); c++) {
      if (joined[c]) {
        if (made[c].length == 0) {
          Arrays.fill(symbols[c], (byte) StateSymbol.of(columns.get(c).state[0]));
        }
        table.raw(symbols[c]);
      }
    }
    return table;
  }
}
