package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Decimal;

/**
 * Parses decimal text digit for digit. Reads {@code [+-]digits[.digits][E[+-]digits]}. A minus sign
 * before a zero is kept in the state.
 */
final class NumberText {
  /** Result: there are only spaces. */
  static final int BLANK = -1;

  /** Result: the text is no number. */
  static final int NOT_A_NUMBER = -2;

  /** Result: more than 18 digits. */
  static final int TOO_MANY_DIGITS = -3;

  private static final long UNSCALED_END = 1_000_000_000_000_000_000L;
  private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(nan|inf|infinity)");
  private static final int EXPONENT_MAX = 100;

  /** Signed digits of the last number parsed. */
  long unscaled;

  /**
   * Parses a slice, spaces around it allowed. Returns the {@link CellState}, or a result below 0.
   */
  int parse(byte[] b, int off, int end) {
    int at = off;
    int to = end;
    while (at < to && b[at] == ' ') {
      at++;
    }
    while (to > at && b[to - 1] == ' ') {
      to--;
    }
    if (at == to) {
      return BLANK;
    }
    boolean negative = b[at] == '-';
    if (negative || b[at] == '+') {
      at++;
    }
    long value = 0;
    int digits = 0;
    int scale = -1;
    for (; at < to; at++) {
      int digit = b[at] - '0';
      if (digit >= 0 && digit <= 9) {
        if (value >= UNSCALED_END / 10) {
          return restIsNumber(b, at, to) ? TOO_MANY_DIGITS : NOT_A_NUMBER;
        }
        value = value * 10 + digit;
        digits++;
        scale += scale < 0 ? 0 : 1;
      } else if (b[at] == '.' && scale < 0) {
        scale = 0;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return NOT_A_NUMBER;
    }
    unscaled = negative ? -value : value;
    scale = Math.max(scale, 0);
    if (at < to) {
      scale = b[at] == 'e' || b[at] == 'E' ? shift(b, at + 1, to, scale) : NOT_A_NUMBER;
    } else if (scale > CellState.SCALE_MAX) {
      scale = TOO_MANY_DIGITS;
    }
    return scale < 0 ? scale : CellState.of(negative, value, scale);
  }

  /**
   * Applies an exponent: moves the point, adding zeros in front of it where there are not enough
   * digits.
   */
  private int shift(byte[] b, int off, int to, int scale) {
    int at = off;
    boolean negative = at < to && b[at] == '-';
    if (at < to && (negative || b[at] == '+')) {
      at++;
    }
    if (at == to) {
      return NOT_A_NUMBER;
    }
    int exponent = 0;
    for (; at < to; at++) {
      int digit = b[at] - '0';
      if (digit < 0 || digit > 9) {
        return NOT_A_NUMBER;
      }
      exponent = Math.min(EXPONENT_MAX, exponent * 10 + digit);
    }
    int shifted = scale + (negative ? exponent : -exponent);
    if (shifted >= 0) {
      return shifted > CellState.SCALE_MAX ? TOO_MANY_DIGITS : shifted;
    }
    if (-shifted > CellState.SCALE_MAX
        || Math.abs(unscaled) >= UNSCALED_END / Decimal.pow10(-shifted)) {
      return unscaled == 0 ? 0 : TOO_MANY_DIGITS;
    }
    unscaled *= Decimal.pow10(-shifted);
    return 0;
  }

  private static boolean restIsNumber(byte[] b, int off, int to) {
    boolean digitsOnly = true;
    for (int i = off; i < to; i++) {
      digitsOnly &= (b[i] >= '0' && b[i] <= '9') || b[i] == '.';
    }
    return digitsOnly;
  }

  /** Whether a text spells a number that is none: NaN or an infinity. */
  static boolean isNotFinite(byte[] b, int off, int end) {
    if (end - off > 9) {
      return false;
    }
    String text = new String(b, off, end - off, StandardCharsets.ISO_8859_1);
    return NOT_FINITE.matcher(text).matches();
  }
}
