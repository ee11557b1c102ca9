package org.mesohub.format;

import org.mesohub.observation.CellState;
import org.mesohub.observation.Decimal;

/** Writes decimals digit for digit into bytes. */
final class DecimalText {
  /** Longest decimal in bytes: sign, 18 digits, leading zero, point. */
  static final int BYTES_MAX = 22;

  /** The two digits of 0 to 99, tens in the low byte. */
  private static final short[] PAIRS = new short[100];

  static {
    for (int i = 0; i < PAIRS.length; i++) {
      PAIRS[i] = (short) (('0' + i / 10) | ('0' + i % 10) << 8);
    }
  }

  private DecimalText() {}

  /** Writes a present decimal in plain notation; returns the position after it. */
  static int write(byte[] out, int pos, long unscaled, int state) {
    int at = pos;
    int scale = CellState.scale(state);
    long digits = unscaled;
    if (digits < 0 || scale != state) {
      out[at++] = '-';
      digits = -digits;
    }
    if (scale == 2 && digits < Integer.MAX_VALUE) {
      int small = (int) digits;
      int whole = small / 100;
      at = writeWhole(out, at, whole);
      out[at] = '.';
      pair(out, at + 1, small - whole * 100);
      return at + 3;
    }
    if (scale == 0) {
      return writeWhole(out, at, digits);
    }
    long pow = Decimal.pow10(scale);
    long whole = digits / pow;
    at = writeWhole(out, at, whole);
    out[at] = '.';
    long rest = digits - whole * pow;
    for (int i = at + scale; i > at; i--) {
      long tens = rest / 10;
      out[i] = (byte) ('0' + (rest - tens * 10));
      rest = tens;
    }
    return at + scale + 1;
  }

  private static int writeWhole(byte[] out, int pos, long value) {
    return value < 10_000 ? writeSmall(out, pos, (int) value) : writeLarge(out, pos, value);
  }

  private static int writeSmall(byte[] out, int pos, int value) {
    if (value < 10) {
      out[pos] = (byte) ('0' + value);
      return pos + 1;
    }
    if (value < 100) {
      pair(out, pos, value);
      return pos + 2;
    }
    int hundreds = value / 100;
    int end = writeSmall(out, pos, hundreds);
    pair(out, end, value - hundreds * 100);
    return end + 2;
  }

  private static int writeLarge(byte[] out, int pos, long value) {
    int length = 5;
    while (length < 18 && value >= Decimal.pow10(length)) {
      length++;
    }
    long rest = value;
    for (int i = pos + length - 1; i >= pos; i--) {
      long tens = rest / 10;
      out[i] = (byte) ('0' + (rest - tens * 10));
      rest = tens;
    }
    return pos + length;
  }

  private static void pair(byte[] out, int pos, int value) {
    short pair = PAIRS[value];
    out[pos] = (byte) pair;
    out[pos + 1] = (byte) (pair >> 8);
  }
}
