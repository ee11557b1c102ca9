package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ValueKind;
import org.mesohub.proto.v1.Cells;

/** Reads and checks the cells of one column. */
final class CellsDecoder {
  /** Longest text, in UTF-8 bytes, as {@link ColumnVector.Texts} wants it. */
  private static final int TEXT_BYTES_MAX = 1024;

  /** First absolute value of a decimal that is too large. */
  private static final long UNSCALED_END = Decimal.pow10(18);

  private static final String DECIMAL_STATES =
      "0..%d, %d..%d (negative zero)"
          .formatted(CellState.SCALE_MAX, CellState.NEGATIVE_ZERO, CellState.END - 1);

  private CellsDecoder() {}

  static ColumnVector vector(Cells cells, Column column, int rows, String field) {
    byte[] states = new byte[rows];
    int present = states(cells.getState(), column.kind(), states, field);
    length(field, ".unscaled", cells.getUnscaledCount(), column, ValueKind.DECIMAL, present);
    length(field, ".float32", cells.getFloat32Count(), column, ValueKind.FLOAT32, present);
    length(field, ".text", cells.getTextCount(), column, ValueKind.TEXT, present);
    return switch (column.kind()) {
      case DECIMAL -> decimals(cells, column, states, field);
      case FLOAT32 -> floats(cells, column, states, field);
      case TEXT -> texts(cells, column, states, field);
    };
  }

  private static void length(
      String field, String part, int count, Column column, ValueKind kind, int present) {
    BatchDecoder.length(field + part, count, column.kind() == kind ? present : 0);
  }

  /** Fills the state bytes and gives the number of present cells. */
  private static int states(ByteString given, ValueKind kind, byte[] states, String field) {
    int rows = states.length;
    boolean uniform = given.size() == 1;
    if (!uniform && given.size() != rows) {
      throw invalid(
          field + ".state: " + given.size() + " bytes given, 1 or " + rows + " are needed");
    }
    if (uniform && rows > 0) {
      Arrays.fill(states, given.byteAt(0));
    } else if (rows > 0) {
      given.copyTo(states, 0);
    }
    boolean decimal = kind == ValueKind.DECIMAL;
    int stateEnd = decimal ? CellState.END : 1;
    int present = 0;
    for (int i = 0; i < rows; i++) {
      byte state = states[i];
      boolean known = state >= CellState.MISSING && state < stateEnd;
      if (!known || state >= 0 && CellState.scale(state) > CellState.SCALE_MAX) {
        throw invalid(
            "%s.state[%d]: %d is none of %s, 254 (missing), 255 (absent)"
                .formatted(field, i, state & 0xff, decimal ? DECIMAL_STATES : "0"));
      }
      present += state >= 0 ? 1 : 0;
    }
    return present;
  }

  private static ColumnVector decimals(Cells cells, Column column, byte[] states, String field) {
    long[] unscaled = new long[states.length];
    int next = 0;
    for (int i = 0; i < states.length; i++) {
      if (states[i] >= 0) {
        long value = cells.getUnscaled(next++);
        if (value >= UNSCALED_END || value <= -UNSCALED_END) {
          throw invalid(
              field + ".unscaled[" + (next - 1) + "]: at most 18 digits can be stored exactly");
        }
        if (value != 0 && CellState.isNegativeZero(states[i])) {
          throw invalid(
              "%s.unscaled[%d]: state %d says negative zero, so this must be 0"
                  .formatted(field, next - 1, states[i]));
        }
        unscaled[i] = value;
      }
    }
    return new ColumnVector.Decimals(column, states.length, states, unscaled);
  }

  private static ColumnVector floats(Cells cells, Column column, byte[] states, String field) {
    float[] values = new float[states.length];
    int next = 0;
    for (int i = 0; i < states.length; i++) {
      if (states[i] >= 0) {
        float value = cells.getFloat32(next++);
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

  private static ColumnVector texts(Cells cells, Column column, byte[] states, String field) {
    String[] dictionary = cells.getDictionaryList().toArray(new String[0]);
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
        int code = cells.getText(next++);
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
