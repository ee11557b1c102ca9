package org.mesohub.segment;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ValueKind;

/**
 * What the header says of a column, and the decoding of its blocks.
 *
 * @param byPattern states by pattern; null when the column has states of its own
 * @param states the column's own states; null when they follow from patterns
 * @param scale scale of all present cells unless {@code scales} is there
 * @param texts dictionary of a text column
 */
@SuppressWarnings("ArrayRecordComponent")
record ColumnReader(
    Column column,
    @Nullable PatternStates byPattern,
    @Nullable NumberColumn states,
    byte scale,
    @Nullable NumberColumn scales,
    NumberColumn numbers,
    String[] texts) {

  /** Decimals are below this: 18 digits. */
  private static final long DECIMAL_END = 1_000_000_000_000_000_000L;

  /** Columns whose header proves that no number reaches this need no look at each. */
  private static final double SURELY_IN_RANGE = 0.99e18;

  /** A block in which every cell is absent. */
  ColumnVector absent(int rows) {
    var all = new byte[rows];
    java.util.Arrays.fill(all, CellState.ABSENT);
    return vector(rows, all, new long[rows]);
  }

  /** The cells of a block whose part of the column lies at {@code [from, end)}. */
  ColumnVector decode(byte[] bytes, int from, int end, RunIndex runs, int[] pattern) {
    int rows = runs.rows;
    var cells = new byte[rows];
    var values = new long[rows];
    int at = from;
    if (states != null) {
      at = states.decode(bytes, at, end, runs, null, values);
      for (int i = 0; i < rows; i++) {
        cells[i] = state(column, values[i], scale);
        values[i] = 0;
      }
    } else if (byPattern != null) {
      byPattern.fill(pattern, cells);
    }
    byte[] gaps = byPattern != null && byPattern.allPresent ? null : cells;
    long[] scaleOf = null;
    if (scales != null) {
      scaleOf = new long[rows];
      at = scales.decode(bytes, at, end, runs, gaps, scaleOf);
    }
    at = numbers.decode(bytes, at, end, runs, gaps, values);
    if (at != end) {
      throw ByteReader.corrupt("a column of a block is longer than its content");
    }
    if (scaleOf != null) {
      applyScales(scaleOf, cells);
    }
    if (mayHaveNegativeZeros()) {
      checkZeros(cells, values);
    }
    if (column.kind() == ValueKind.DECIMAL && numbers.magnitude(rows) >= SURELY_IN_RANGE) {
      checkDigits(values);
    }
    return vector(rows, cells, values);
  }

  private static byte state(Column column, long symbol, byte scale) {
    return column.kind() == ValueKind.DECIMAL
        ? StateSymbol.ofDecimal(symbol, scale)
        : StateSymbol.ofOther(symbol, scale);
  }

  private boolean mayHaveNegativeZeros() {
    return byPattern == null ? column.kind() == ValueKind.DECIMAL : byPattern.negativeZeros;
  }

  private static void checkZeros(byte[] cells, long[] values) {
    for (int i = 0; i < cells.length; i++) {
      if (CellState.isNegativeZero(cells[i]) && values[i] != 0) {
        throw ByteReader.corrupt("a negative zero is not zero");
      }
    }
  }

  private static void checkDigits(long[] values) {
    for (long value : values) {
      if (value <= -DECIMAL_END || value >= DECIMAL_END) {
        throw ByteReader.corrupt("a number has more than 18 digits");
      }
    }
  }

  private static void applyScales(long[] scaleOf, byte[] cells) {
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] >= 0) {
        if (scaleOf[i] < 0 || scaleOf[i] > CellState.SCALE_MAX) {
          throw ByteReader.corrupt("a scale is out of range");
        }
        cells[i] += (byte) scaleOf[i];
      }
    }
  }

  private ColumnVector vector(int rows, byte[] cells, long[] values) {
    return switch (column.kind()) {
      case DECIMAL -> new ColumnVector.Decimals(column, rows, cells, values);
      case FLOAT32 -> {
        var floats = new float[rows];
        for (int i = 0; i < rows; i++) {
          floats[i] = Float.intBitsToFloat((int) values[i]);
        }
        yield new ColumnVector.Floats(column, rows, cells, floats);
      }
      case TEXT -> new ColumnVector.Texts(column, rows, cells, codes(cells, values), texts);
    };
  }

  private int[] codes(byte[] cells, long[] values) {
    var codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      if (cells[i] >= 0 && (values[i] < 0 || values[i] >= texts.length)) {
        throw ByteReader.corrupt("a text is not in its dictionary");
      }
      codes[i] = (int) values[i];
    }
    return codes;
  }

  /** Reads a column's header part. */
  static ColumnReader read(
      HeaderLanes.Reader lanes, ByteReader table, int patterns, ByteReader texts) {
    Column column = HeaderTexts.readColumn(lanes.meta());
    boolean own = lanes.meta().varint(0, 1, "a state form") == 1;
    NumberColumn states = own ? NumberColumn.read(lanes) : null;
    boolean decimal = column.kind() == ValueKind.DECIMAL;
    int scaleMax = decimal ? ChunkColumn.MIXED_SCALES : 0;
    int scaleForm = lanes.meta().varint(0, scaleMax, "a scale");
    boolean mixed = scaleForm == ChunkColumn.MIXED_SCALES;
    NumberColumn scales = mixed ? NumberColumn.read(lanes) : null;
    byte scale = (byte) (mixed ? 0 : scaleForm);
    NumberColumn numbers = NumberColumn.read(lanes);
    PatternStates byPattern = own ? null : byPattern(table, patterns, column, scale);
    String[] dictionary =
        column.kind() == ValueKind.TEXT ? readTexts(lanes.meta(), texts) : new String[0];
    return new ColumnReader(column, byPattern, states, scale, scales, numbers, dictionary);
  }

  private static PatternStates byPattern(
      ByteReader table, int patterns, Column column, byte scale) {
    byte[] states = table.raw(patterns);
    for (int i = 0; i < patterns; i++) {
      states[i] = state(column, states[i], scale);
    }
    return new PatternStates(states);
  }

  private static String[] readTexts(ByteReader meta, ByteReader texts) {
    int count = meta.varint(0, Math.min(ChunkLimits.ROWS_MAX, texts.remaining()), "a text count");
    var dictionary = new String[count];
    for (int i = 0; i < count; i++) {
      dictionary[i] = texts.text(HeaderTexts.CELL_TEXT_MAX);
    }
    return dictionary;
  }
}
