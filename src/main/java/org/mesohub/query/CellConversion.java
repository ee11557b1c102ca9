package org.mesohub.query;

import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.Units;

/**
 * Converts the cells of one column to the unit of another. Weather values repeat, and exact
 * conversion is costly, so results are remembered in a small direct-mapped table. Not thread-safe.
 */
final class CellConversion {
  /** Entries of the table, a power of two; a day's temperatures of a state fit. */
  private static final int ENTRIES = 2_048;

  private final Units.Conversion conversion;

  private final long[] unscaledIn = new long[ENTRIES];

  /** State of the value in the entry, plus 1; 0 for an empty entry. */
  private final byte[] stateIn = new byte[ENTRIES];

  private final long[] unscaledOut = new long[ENTRIES];
  private final byte[] stateOut = new byte[ENTRIES];

  private CellConversion(Units.Conversion conversion) {
    this.conversion = conversion;
  }

  /** The cells in the unit of the target column; the same cells when units are equal. */
  static ColumnVector apply(ColumnVector cells, int rows, Column target) {
    if (cells.column().equals(target)) {
      return cells;
    }
    Units.Conversion conversion = Units.conversion(cells.column().unit(), target.unit());
    if (cells instanceof ColumnVector.Floats floats) {
      var values = new float[rows];
      for (int row = 0; row < rows; row++) {
        if (floats.isPresent(row)) {
          values[row] = (float) conversion.apply(floats.values()[row]);
        }
      }
      return new ColumnVector.Floats(target, rows, floats.states(), values);
    }
    return new CellConversion(conversion).decimals((ColumnVector.Decimals) cells, rows, target);
  }

  private ColumnVector decimals(ColumnVector.Decimals cells, int rows, Column target) {
    var states = new byte[rows];
    var unscaled = new long[rows];
    for (int row = 0; row < rows; row++) {
      byte state = cells.states()[row];
      states[row] = state;
      if (state > CellState.ABSENT) {
        int entry = entry(cells.unscaled()[row], state);
        unscaled[row] = unscaledOut[entry];
        states[row] = stateOut[entry];
      }
    }
    return new ColumnVector.Decimals(target, rows, states, unscaled);
  }

  private int entry(long unscaled, byte state) {
    long mixed = (unscaled * 31 + state) * 0x9E3779B97F4A7C15L;
    int entry = (int) (mixed >>> 53);
    if (stateIn[entry] != state + 1 || unscaledIn[entry] != unscaled) {
      Decimal converted = convert(new Decimal(unscaled, state));
      unscaledIn[entry] = unscaled;
      stateIn[entry] = (byte) (state + 1);
      unscaledOut[entry] = converted.unscaled();
      stateOut[entry] = (byte) converted.state();
    }
    return entry;
  }

  private Decimal convert(Decimal value) {
    try {
      return conversion.apply(value);
    } catch (ArithmeticException e) {
      throw new InvalidQueryException(
          value + " cannot be converted; ask for units as stored (source)");
    }
  }
}
