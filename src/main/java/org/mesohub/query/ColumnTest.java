package org.mesohub.query;

import java.util.Set;
import java.util.function.DoublePredicate;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.Units;

/** A condition on one column. Immutable. */
sealed interface ColumnTest {
  Column column();

  /**
   * Whether some value between two bounds may satisfy; bounds are NaN for text or where no value is
   * present.
   */
  boolean mayMatch(double min, double max);

  /** Sets {@code hit} where a value is present and satisfies. */
  void mark(ColumnVector cells, int rows, boolean[] hit);

  /** Decimals against decimals of the same unit, exactly. */
  record Exact(Column column, Comparison comparison) implements ColumnTest {
    @Override
    public boolean mayMatch(double min, double max) {
      return comparison.mayMatch(min, max);
    }

    @Override
    public void mark(ColumnVector cells, int rows, boolean[] hit) {
      var decimals = (ColumnVector.Decimals) cells;
      byte[] states = decimals.states();
      long[] unscaled = decimals.unscaled();
      if (comparison.isInterval()) {
        long[] from = comparison.from();
        long[] to = comparison.to();
        for (int row = 0; row < rows; row++) {
          int s = states[row];
          if (s >= 0) {
            long u = unscaled[row];
            hit[row] |= u >= from[s] && u <= to[s];
          }
        }
        return;
      }
      for (int row = 0; row < rows; row++) {
        if (states[row] >= 0 && !hit[row]) {
          hit[row] = comparison.test(unscaled[row], states[row]);
        }
      }
    }
  }

  /** Numbers as doubles, after conversion to the unit of the condition. */
  record Converted(
      Column column, Units.Conversion conversion, DoublePredicate test, Comparison comparison)
      implements ColumnTest {
    /** Relative slack for bounds, far above what conversion may err by. */
    private static final double SLACK = 1e-9;

    @Override
    public boolean mayMatch(double min, double max) {
      if (Double.isNaN(min) || Double.isNaN(max)) {
        return false;
      }
      // Conversions between units of one quantity ascend, so bounds stay bounds.
      double from = conversion.apply(min);
      double to = conversion.apply(max);
      double slack = SLACK * (1 + Math.abs(from) + Math.abs(to) + Math.abs(min) + Math.abs(max));
      return comparison.mayMatch(from - slack, to + slack);
    }

    @Override
    public void mark(ColumnVector cells, int rows, boolean[] hit) {
      byte[] states = cells.states();
      if (cells instanceof ColumnVector.Decimals decimals) {
        long[] unscaled = decimals.unscaled();
        for (int row = 0; row < rows; row++) {
          if (states[row] >= 0) {
            double value = Decimal.toDouble(unscaled[row], states[row]);
            hit[row] |= test.test(conversion.apply(value));
          }
        }
        return;
      }
      float[] values = ((ColumnVector.Floats) cells).values();
      for (int row = 0; row < rows; row++) {
        if (states[row] >= 0) {
          hit[row] |= test.test(conversion.apply(values[row]));
        }
      }
    }
  }

  /** Texts. */
  record Text(Column column, Set<String> values, boolean equal) implements ColumnTest {
    @Override
    public boolean mayMatch(double min, double max) {
      return true;
    }

    @Override
    public void mark(ColumnVector cells, int rows, boolean[] hit) {
      var texts = (ColumnVector.Texts) cells;
      String[] dictionary = texts.dictionary();
      var matches = new boolean[dictionary.length];
      for (int i = 0; i < matches.length; i++) {
        matches[i] = values.contains(dictionary[i]) == equal;
      }
      for (int row = 0; row < rows; row++) {
        hit[row] |= texts.states()[row] >= 0 && matches[texts.codes()[row]];
      }
    }
  }
}
