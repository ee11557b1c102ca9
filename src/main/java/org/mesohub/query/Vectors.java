package org.mesohub.query;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ValueKind;
import org.mesohub.segment.TextUnion;

/** Operations on whole columns. */
final class Vectors {
  /** Rows up to which absent columns share their arrays. */
  private static final int SHARED_ROWS = 8_192;

  private static final byte[] ABSENT = absent(SHARED_ROWS);
  private static final long[] LONGS = new long[SHARED_ROWS];
  private static final float[] FLOATS = new float[SHARED_ROWS];
  private static final int[] CODES = new int[SHARED_ROWS];

  private Vectors() {}

  private static byte[] absent(int rows) {
    var states = new byte[rows];
    Arrays.fill(states, CellState.ABSENT);
    return states;
  }

  /** A column without any cell. */
  static ColumnVector absent(Column column, int rows) {
    boolean shared = rows <= SHARED_ROWS;
    byte[] states = shared ? ABSENT : absent(rows);
    return switch (column.kind()) {
      case DECIMAL ->
          new ColumnVector.Decimals(column, rows, states, shared ? LONGS : new long[rows]);
      case FLOAT32 ->
          new ColumnVector.Floats(column, rows, states, shared ? FLOATS : new float[rows]);
      case TEXT ->
          new ColumnVector.Texts(
              column, rows, states, shared ? CODES : new int[rows], new String[0]);
    };
  }

  /**
   * The cells of several hits one after the other.
   *
   * @param parts by hits; null where all cells are absent
   * @param rows of all hits together
   */
  static ColumnVector concat(
      Column column, List<@Nullable ColumnVector> parts, List<Hits> hits, int rows) {
    if (parts.stream().allMatch(Objects::isNull)) {
      return absent(column, rows);
    }
    var states = new byte[rows];
    var longs = new long[column.kind() == ValueKind.DECIMAL ? rows : 0];
    var floats = new float[column.kind() == ValueKind.FLOAT32 ? rows : 0];
    var codes = new int[column.kind() == ValueKind.TEXT ? rows : 0];
    var texts = new TextUnion();
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      ColumnVector part = parts.get(i);
      int count = hits.get(i).count();
      if (part == null) {
        Arrays.fill(states, at, at + count, CellState.ABSENT);
      } else {
        System.arraycopy(part.states(), 0, states, at, count);
        if (part instanceof ColumnVector.Decimals decimals) {
          System.arraycopy(decimals.unscaled(), 0, longs, at, count);
        } else if (part instanceof ColumnVector.Floats values) {
          System.arraycopy(values.values(), 0, floats, at, count);
        } else {
          append((ColumnVector.Texts) part, count, codes, at, texts);
        }
      }
      at += count;
    }
    return switch (column.kind()) {
      case DECIMAL -> new ColumnVector.Decimals(column, rows, states, longs);
      case FLOAT32 -> new ColumnVector.Floats(column, rows, states, floats);
      case TEXT -> new ColumnVector.Texts(column, rows, states, codes, texts.texts());
    };
  }

  private static void append(
      ColumnVector.Texts part, int count, int[] codes, int at, TextUnion texts) {
    texts.take(part.dictionary());
    for (int row = 0; row < count; row++) {
      if (part.isPresent(row)) {
        codes[at + row] = texts.code(part.codes()[row]);
      }
    }
  }

  /** The cells at some positions. */
  static ColumnVector gather(ColumnVector cells, int[] picks) {
    byte[] states = Picks.gather(cells.states(), picks);
    if (cells instanceof ColumnVector.Decimals d) {
      return new ColumnVector.Decimals(
          d.column(), picks.length, states, Picks.gather(d.unscaled(), picks));
    }
    if (cells instanceof ColumnVector.Floats f) {
      return new ColumnVector.Floats(
          f.column(), picks.length, states, Picks.gather(f.values(), picks));
    }
    var t = (ColumnVector.Texts) cells;
    return new ColumnVector.Texts(
        t.column(), picks.length, states, Picks.gather(t.codes(), picks), t.dictionary());
  }

  /**
   * Per row the first column's value, else the second's; missing where neither has one and one says
   * so. Not for texts.
   */
  static ColumnVector coalesce(ColumnVector first, ColumnVector second, int rows) {
    byte[] states = Arrays.copyOf(first.states(), rows);
    if (first instanceof ColumnVector.Decimals a && second instanceof ColumnVector.Decimals b) {
      long[] unscaled = Arrays.copyOf(a.unscaled(), rows);
      for (int row = 0; row < rows; row++) {
        if (takesSecond(states[row], b.states()[row])) {
          states[row] = b.states()[row];
          unscaled[row] = b.unscaled()[row];
        }
      }
      return new ColumnVector.Decimals(a.column(), rows, states, unscaled);
    }
    if (first instanceof ColumnVector.Floats a && second instanceof ColumnVector.Floats b) {
      float[] values = Arrays.copyOf(a.values(), rows);
      for (int row = 0; row < rows; row++) {
        if (takesSecond(states[row], b.states()[row])) {
          states[row] = b.states()[row];
          values[row] = b.values()[row];
        }
      }
      return new ColumnVector.Floats(a.column(), rows, states, values);
    }
    throw new IllegalArgumentException(
        "no common kind of numbers: " + first.column() + " and " + second.column());
  }

  private static boolean takesSecond(byte first, byte second) {
    return first < 0 && second != CellState.ABSENT;
  }
}
