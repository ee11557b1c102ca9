package org.mesohub.observation;

/**
 * The state byte of a cell. Non-negative: a value is present. For decimals it then tells how the
 * number is spelled: the digits after the point, 0 to {@link #SCALE_MAX}, plus {@link
 * #NEGATIVE_ZERO} for a zero with a minus sign, whose unscaled value is 0. For other kinds 0.
 */
public final class CellState {
  /** The row says nothing about this column; in a correction the earlier value stays. */
  public static final byte ABSENT = -1;

  /**
   * The row says explicitly that there is no value; in a correction it replaces the earlier one.
   */
  public static final byte MISSING = -2;

  /** Largest number of digits after the decimal point. */
  public static final int SCALE_MAX = 18;

  /** Added to the scale of a zero that is spelled with a minus sign, such as {@code -0.00}. */
  public static final int NEGATIVE_ZERO = 32;

  /** States of decimals are below this. */
  public static final int END = NEGATIVE_ZERO + SCALE_MAX + 1;

  private static final int SCALE_MASK = NEGATIVE_ZERO - 1;

  private CellState() {}

  /** Digits after the point of a decimal that is present. */
  public static int scale(int state) {
    return state & SCALE_MASK;
  }

  /** Whether a decimal is a zero with a minus sign. */
  public static boolean isNegativeZero(int state) {
    return state >= NEGATIVE_ZERO;
  }

  /** The state of a number spelled with so many digits after the point. */
  public static int of(boolean negative, long unscaled, int scale) {
    return negative && unscaled == 0 ? scale + NEGATIVE_ZERO : scale;
  }
}
