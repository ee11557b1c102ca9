package org.mesohub.segment;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;

/** Tells whether cells of one column say the same: in value, not in how the value is written. */
final class CellCompare {
  private CellCompare() {}

  /** Whether two cells are equal: both absent, both missing, or both present and of equal value. */
  static boolean same(ColumnVector a, int rowA, ColumnVector b, int rowB) {
    byte stateA = a.states()[rowA];
    byte stateB = b.states()[rowB];
    if (stateA < 0 || stateB < 0) {
      return stateA == stateB;
    }
    if (a instanceof ColumnVector.Decimals x && b instanceof ColumnVector.Decimals y) {
      return same(x.unscaled()[rowA], stateA, y.unscaled()[rowB], stateB);
    }
    if (a instanceof ColumnVector.Floats x && b instanceof ColumnVector.Floats y) {
      return same(x.values()[rowA], y.values()[rowB]);
    }
    var x = (ColumnVector.Texts) a;
    var y = (ColumnVector.Texts) b;
    return x.dictionary()[x.codes()[rowA]].equals(y.dictionary()[y.codes()[rowB]]);
  }

  /**
   * Marks the pairs in which the incoming cell says something else than the stored one.
   *
   * @param in incoming column
   * @param inRow per pair a row of it
   * @param stored stored column; null when the store has none, as if absent everywhere
   * @param storedRow per pair a row of it
   * @param differs set per pair; an absent incoming cell never differs
   */
  static void differs(
      ColumnVector in,
      int[] inRow,
      @Nullable ColumnVector stored,
      int[] storedRow,
      int pairs,
      boolean[] differs) {
    byte[] states = in.states();
    if (stored == null) {
      for (int i = 0; i < pairs; i++) {
        differs[i] = states[inRow[i]] != CellState.ABSENT;
      }
    } else if (in instanceof ColumnVector.Decimals a && stored instanceof ColumnVector.Decimals b) {
      decimalsDiffer(a, inRow, b, storedRow, pairs, differs);
    } else {
      for (int i = 0; i < pairs; i++) {
        differs[i] =
            states[inRow[i]] != CellState.ABSENT && !same(in, inRow[i], stored, storedRow[i]);
      }
    }
  }

  private static void decimalsDiffer(
      ColumnVector.Decimals in,
      int[] inRow,
      ColumnVector.Decimals stored,
      int[] storedRow,
      int pairs,
      boolean[] differs) {
    byte[] inStates = in.states();
    byte[] storedStates = stored.states();
    long[] inValues = in.unscaled();
    long[] storedValues = stored.unscaled();
    for (int i = 0; i < pairs; i++) {
      byte a = inStates[inRow[i]];
      byte b = storedStates[storedRow[i]];
      if (a < 0 || b < 0) {
        differs[i] = a != CellState.ABSENT && a != b;
      } else {
        differs[i] = !same(inValues[inRow[i]], a, storedValues[storedRow[i]], b);
      }
    }
  }

  private static boolean same(long unscaledA, int stateA, long unscaledB, int stateB) {
    return stateA == stateB
        ? unscaledA == unscaledB
        : Decimal.compare(unscaledA, stateA, unscaledB, stateB) == 0;
  }

  /** Bits decide, save that the two zeros are one. */
  private static boolean same(float a, float b) {
    return a == b || Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
  }
}
