package org.mesohub.observation;

/**
 * The state byte of a cell. Non-negative: a value is present (for decimals the state is the value's
 * scale, 0 to {@link #SCALE_MAX}; for other kinds 0).
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

  private CellState() {}
}
