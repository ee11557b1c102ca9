package org.mesohub.observation;

/**
 * A decimal number with its digits: {@code unscaled * 10^-scale}. {@code 35.6} and {@code 35.60}
 * are {@link #compareTo equal in value} but not {@code equals}.
 *
 * @param unscaled signed digits, absolute value below 10^18
 * @param scale digits after the point, 0 to {@link CellState#SCALE_MAX}
 */
public record Decimal(long unscaled, int scale) implements Comparable<Decimal> {
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

  /** Compares two decimals by value, exactly, whatever their scales. */
  public static int compare(long unscaledA, int scaleA, long unscaledB, int scaleB) {
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
    return toDouble(unscaled, scale);
  }

  /** Nearest double of {@code unscaled * 10^-scale}; exact rounding while both parts fit 2^53. */
  public static double toDouble(long unscaled, int scale) {
    return unscaled / (double) POW10[scale];
  }

  @Override
  public int compareTo(Decimal other) {
    return compare(unscaled, scale, other.unscaled, other.scale);
  }

  /** Plain notation with exactly {@code scale} digits after the point. */
  @Override
  public String toString() {
    return java.math.BigDecimal.valueOf(unscaled, scale).toPlainString();
  }
}
