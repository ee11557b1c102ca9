package org.mesohub.observation;

/**
 * The cells of one column for the rows of one batch. Arrays are shared, not copied, and must not be
 * changed once the vector is in a batch; they may be longer than {@link #size()}. Values of cells
 * that are not present are 0 and mean nothing.
 */
public sealed interface ColumnVector
    permits ColumnVector.Decimals, ColumnVector.Floats, ColumnVector.Texts {
  Column column();

  /** Number of rows. */
  int size();

  /** One {@link CellState} per row. */
  byte[] states();

  /** Whether a value is present at a row. */
  default boolean isPresent(int row) {
    return states()[row] >= 0;
  }

  /**
   * Decimal values: {@code unscaled * 10^-}{@link CellState#scale scale}.
   *
   * @param unscaled signed digits per row, absolute value below 10^18
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Decimals(Column column, int size, byte[] states, long[] unscaled)
      implements ColumnVector {}

  /**
   * Binary32 values.
   *
   * @param values one per row; never NaN or infinite where present
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Floats(Column column, int size, byte[] states, float[] values) implements ColumnVector {}

  /**
   * Text values by dictionary.
   *
   * @param codes index into {@code dictionary} per row
   * @param dictionary distinct texts in no particular order, each at most 1,024 UTF-8 bytes
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Texts(Column column, int size, byte[] states, int[] codes, String[] dictionary)
      implements ColumnVector {}
}
