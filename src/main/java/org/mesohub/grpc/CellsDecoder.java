package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ValueKind;

/** Reads and checks the cells of one column. */
final class CellsDecoder {
  /** Longest text, in UTF-8 bytes, as {@link ColumnVector.Texts} wants it. */
  private static final int TEXT_BYTES_MAX = 1024;

  /** First absolute value of a decimal that is too large. */
  private static final long UNSCALED_END = Decimal.pow10(18);

  private static final String STATES_OF_DECIMALS_TEXT =
      "0..%d, %d..%d (negative zero)"
          .formatted(CellState.SCALE_MAX, CellState.NEGATIVE_ZERO, CellState.END - 1);

  /** Whether a state byte means something in a decimal column, or in another one. */
  private static final boolean[] STATES_OF_DECIMALS = known(true);

  private static final boolean[] STATES_OF_OTHERS = known(false);

  private CellsDecoder() {}

  static ColumnVector vector(WireCells cells, Column column, int rows, String field) {
    byte[] states = states(cells.state, column.kind(), rows, field);
    int present = present(states);
    length(field, ".unscaled", cells.unscaled, column, ValueKind.DECIMAL, present);
    length(field, ".float32", cells.float32, column, ValueKind.FLOAT32, present);
    length(field, ".text", cells.text, column, ValueKind.TEXT, present);
    return switch (column.kind()) {
      case DECIMAL -> decimals(cells.unscaled, column, states, field);
      case FLOAT32 -> floats(cells.float32, column, states, field);
      case TEXT -> texts(cells, column, states, field);
    };
  }

  private static void length(
      String field, String part, WireNumbers given, Column column, ValueKind kind, int present) {
    BatchDecoder.length(field + part, given.size(), column.kind() == kind ? present : 0);
  }

  private static byte[] states(Inbound.Bytes given, ValueKind kind, int rows, String field) {
    boolean uniform = given.length() == 1;
    if (!uniform && given.length() != rows) {
      throw invalid(
          field + ".state: " + given.length() + " bytes given, 1 or " + rows + " are needed");
    }
    byte[] states = new byte[rows];
    boolean[] known = kind == ValueKind.DECIMAL ? STATES_OF_DECIMALS : STATES_OF_OTHERS;
    if (uniform) {
      Arrays.fill(states, given.array()[given.from()]);
    } else {
      System.arraycopy(given.array(), given.from(), states, 0, rows);
    }
    int checked = uniform ? Math.min(1, rows) : rows;
    for (int i = 0; i < checked; i++) {
      if (!known[states[i] & 0xff]) {
        throw invalid(
            "%s.state[%d]: %d is none of %s, 254 (missing), 255 (absent)"
                .formatted(
                    field,
                    i,
                    states[i] & 0xff,
                    kind == ValueKind.DECIMAL ? STATES_OF_DECIMALS_TEXT : "0"));
      }
    }
    return states;
  }

  private static boolean[] known(boolean decimal) {
    boolean[] known = new boolean[256];
    known[CellState.MISSING & 0xff] = true;
    known[CellState.ABSENT & 0xff] = true;
    for (byte state = 0; state < (decimal ? CellState.END : 1); state++) {
      known[state] = CellState.scale(state) <= CellState.SCALE_MAX;
    }
    return known;
  }

  private static int present(byte[] states) {
    int present = states.length;
    for (byte state : states) {
      present += state >> Byte.SIZE - 1;
    }
    return present;
  }

  private static ColumnVector decimals(
      WireNumbers given, Column column, byte[] states, String field) {
    long[] values = given.values();
    check(values, given.size(), field);
    long[] unscaled = given.size() == states.length ? values : new long[states.length];
    int next = 0;
    for (int i = 0; i < states.length; i++) {
      if (states[i] >= 0) {
        long value = values[next++];
        if (states[i] >= CellState.NEGATIVE_ZERO && value != 0) {
          throw invalid(
              "%s.unscaled[%d]: state %d says negative zero, so this must be 0"
                  .formatted(field, next - 1, states[i]));
        }
        unscaled[i] = value;
      }
    }
    return new ColumnVector.Decimals(column, states.length, states, unscaled);
  }

  private static void check(long[] values, int size, String field) {
    for (int i = 0; i < size; i++) {
      if (values[i] >= UNSCALED_END || values[i] <= -UNSCALED_END) {
        throw invalid(field + ".unscaled[" + i + "]: at most 18 digits can be stored exactly");
      }
    }
  }

  private static ColumnVector floats(
      WireNumbers given, Column column, byte[] states, String field) {
    float[] values = new float[states.length];
    int next = 0;
    for (int i = 0; i < states.length; i++) {
      if (states[i] >= 0) {
        float value = Float.intBitsToFloat(given.intAt(next++));
        if (!Float.isFinite(value)) {
          throw invalid(
              field
                  + ".float32["
                  + (next - 1)
                  + "]: NaN and infinity are no values; mark the cell missing (254) or absent (255)");
        }
        values[i] = value;
      }
    }
    return new ColumnVector.Floats(column, states.length, states, values);
  }

  private static ColumnVector texts(WireCells cells, Column column, byte[] states, String field) {
    String[] dictionary = cells.dictionary.toArray(new String[0]);
    for (int i = 0; i < dictionary.length; i++) {
      if (dictionary[i].length() > TEXT_BYTES_MAX
          || dictionary[i].getBytes(StandardCharsets.UTF_8).length > TEXT_BYTES_MAX) {
        throw invalid(field + ".dictionary[" + i + "]: at most " + TEXT_BYTES_MAX + " bytes");
      }
    }
    int[] codes = new int[states.length];
    int next = 0;
    for (int i = 0; i < states.length; i++) {
      if (states[i] >= 0) {
        int code = cells.text.intAt(next++);
        if (code < 0 || code >= dictionary.length) {
          throw invalid(
              field
                  + ".text["
                  + (next - 1)
                  + "]: no such entry, dictionary has "
                  + dictionary.length);
        }
        codes[i] = code;
      }
    }
    return new ColumnVector.Texts(column, states.length, states, codes, dictionary);
  }
}
