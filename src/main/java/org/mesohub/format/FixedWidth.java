package org.mesohub.format;

import java.util.Arrays;

/** Fields of MesoWest's fixed-width records. */
final class FixedWidth {
  /** Characters of a field. */
  static final int FIELD = 9;

  private FixedWidth() {}

  /**
   * Writes hundredths as {@code %9.2f}, which must fit: absolute value below 10^7, or 10^8 where
   * positive.
   */
  static void hundredths(byte[] out, int pos, long value) {
    Arrays.fill(out, pos, pos + FIELD, (byte) ' ');
    long rest = Math.abs(value);
    int at = pos + FIELD - 1;
    for (int digit = 0; digit < 3 || rest > 0; digit++) {
      if (digit == 2) {
        out[at--] = '.';
      }
      out[at--] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    if (value < 0) {
      out[at] = '-';
    }
  }
}
