package org.mesohub.query;

import org.mesohub.observation.CellState;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;

/** Cells as objects, for oracles. */
final class Cell {
  static final Object MISSING = "-";

  private Cell() {}

  /** Decimal, Float, quoted text or MISSING; null when absent. */
  static Object of(ColumnVector vector, int row) {
    byte state = vector.states()[row];
    if (state == CellState.ABSENT) {
      return null;
    }
    if (state == CellState.MISSING) {
      return MISSING;
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return new Decimal(decimals.unscaled()[row], state);
    }
    if (vector instanceof ColumnVector.Floats floats) {
      return floats.values()[row];
    }
    var texts = (ColumnVector.Texts) vector;
    return "'" + texts.dictionary()[texts.codes()[row]];
  }
}
