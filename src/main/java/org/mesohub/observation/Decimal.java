package org.mesohub.observation;

/**
 * A decimal number as it is spelled: {@code unscaled * 10^-scale}. {@code 35.6} and {@code 35.60}
 * are {@link #compareTo equal in value} but not {@code equals}; so are {@code 0.00} and {@code
 * -0.00}.
 *
 * @param unscaled signed digits, absolute value below 10^18
 * @param state the {@link CellState} of a present decimal: digits after the point, with a mark for
 *     a zero that has a minus sign
 */
public record Decimal(long unscaled, int state) implements Comparable<Decimal> {
  private static final long[] POW10 = new long[19];

  static {
    POW10[0] = 1;
    for (int i = 1; i < POW10.length; i++) {
      POW10[i] = POW10[i - 1] * 10;
    }
  }

  /** 10^exponent for exponent 0 to 18. */
  public static long pow10(int exponent) {
    return POW10[exponent];
  }

  /** Digits after the point. */
  public int scale() {
    return CellState.scale(state);
  }

  /** Compares two decimals by value, exactly, whatever their states. */
  public static int compare(long unscaledA, int stateA, long unscaledB, int stateB) {
    int scaleA = CellState.scale(stateA);
    int scaleB = CellState.scale(stateB);
    if (scaleA == scaleB) {
      return Long.compare(unscaledA, unscaledB);
    }
    return scaleA > scaleB
        ? compareWiderScaleFirst(unscaledA, scaleA - scaleB, unscaledB)
        : -compareWiderScaleFirst(unscaledB, scaleB - scaleA, unscaledA);
  }

  /** Compares {@code fine} with {@code coarse * 10^digits}: whole parts first, then the rest. */
  private static int compareWiderScaleFirst(long fine, int digits, long coarse) {
    long pow = POW10[digits];
    int byWhole = Long.compare(Math.floorDiv(fine, pow), coarse);
    return byWhole != 0 ? byWhole : Long.signum(Math.floorMod(fine, pow));
  }

  /** Nearest double. */
  public double toDouble() {
    return toDouble(unscaled, state);
  }

  /**
   * Nearest double of a cell; exact rounding while both parts fit 2^53. Every zero is the positive
   * one.
   */
  public static double toDouble(long unscaled, int state) {
    return unscaled / (double) POW10[CellState.scale(state)];
  }

  @Override
  public int compareTo(Decimal other) {
    return compare(unscaled, state, other.unscaled, other.state);
  }

  /** Plain notation with exactly {@link #scale} digits after the point, digit for digit. */
  @Override
  public String toString() {
    String digits = java.math.BigDecimal.valueOf(unscaled, scale()).toPlainString();
    return CellState.isNegativeZero(state) ? "-" + digits : digits;
  }
}
