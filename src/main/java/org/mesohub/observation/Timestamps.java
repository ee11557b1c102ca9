package org.mesohub.observation;

import java.nio.charset.StandardCharsets;

/**
 * Instants in text, microseconds since 1970-01-01T00:00Z. Parsing is strict (February 30 is no
 * date, hour 24 no hour), works on bytes and allocates nothing. Forms read: {@code yyyy-MM-dd},
 * {@code yyyy-MM-dd HH:mm[:ss[.f]]} with a space or {@code T} and an optional {@code Z}, {@code
 * +hh:mm}, {@code +hhmm} or {@code +hh} (UTC when there is none), and {@code yyyyMMdd/HHmm}. A
 * fraction has 1 to 9 digits; digits past the sixth must be 0.
 */
public final class Timestamps {
  /** Result of parsing what is not an instant. */
  public static final long INVALID = Long.MIN_VALUE;

  /** Longest text that a write method of this class produces, in bytes. */
  public static final int BYTES_MAX = 40;

  private static final long MINUTE = 60_000_000L;
  private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  private static final int FRACTION_DIGITS_MAX = 9;

  /** Days before 1970-01-01 of the civil calendar's epoch 0000-03-01. */
  private static final int DAYS_TO_1970 = 719_468;

  private static final int DAYS_PER_ERA = 146_097;

  private Timestamps() {}

  /** {@link #parse(byte[], int, int)} of a text. */
  public static long parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /** The instant in a slice, or {@link #INVALID}. */
  public static long parse(byte[] b, int off, int len) {
    if (len == 13 && b[off + 8] == '/') {
      return parseMesoWest(b, off);
    }
    if (len < 10 || b[off + 4] != '-' || b[off + 7] != '-') {
      return INVALID;
    }
    long day = day(digits(b, off, 4), digits(b, off + 5, 2), digits(b, off + 8, 2));
    if (day == INVALID || len == 10) {
      return day;
    }
    if (b[off + 10] != ' ' && b[off + 10] != 'T' && b[off + 10] != 't') {
      return INVALID;
    }
    return clock(b, off + 11, off + len, day);
  }

  /** The instant of the 13 bytes {@code yyyyMMdd/HHmm}, or {@link #INVALID}. */
  public static long parseMesoWest(byte[] b, int off) {
    if (b[off + 8] != '/') {
      return INVALID;
    }
    long day = day(digits(b, off, 4), digits(b, off + 4, 2), digits(b, off + 6, 2));
    int hour = digits(b, off + 9, 2);
    int minute = digits(b, off + 11, 2);
    if (day == INVALID || (hour | minute) < 0 || hour > 23 || minute > 59) {
      return INVALID;
    }
    return day + (hour * 60 + minute) * MINUTE;
  }

  /** {@code yyyy-MM-ddTHH:mm:ssZ}, with six digits of fraction when it is not 0. */
  public static String format(long micros) {
    byte[] out = new byte[BYTES_MAX];
    return new String(out, 0, writeIso(out, 0, micros), StandardCharsets.US_ASCII);
  }

  /** {@code yyyy-MM-dd HH:mm:ss}, with six digits of fraction when it is not 0. */
  public static String formatPlain(long micros) {
    byte[] out = new byte[BYTES_MAX];
    return new String(out, 0, writePlain(out, 0, micros), StandardCharsets.US_ASCII);
  }

  /** Writes {@link #format} at a position; returns the position after it. Years 0000 to 9999. */
  public static int writeIso(byte[] out, int pos, long micros) {
    int end = writeDateTime(out, pos, micros, 'T');
    out[end] = 'Z';
    return end + 1;
  }

  /**
   * Writes {@link #formatPlain} at a position; returns the position after it. Years 0000 to 9999.
   */
  public static int writePlain(byte[] out, int pos, long micros) {
    return writeDateTime(out, pos, micros, ' ');
  }

  /**
   * Writes {@code yyyyMMdd/HHmm} at a position; returns the position after it. Seconds are cut off.
   */
  public static int writeMesoWest(byte[] out, int pos, long micros) {
    int ymd = civil(Day.epochDayOf(micros));
    put(out, pos, ymd, 8);
    out[pos + 8] = '/';
    int minutes = (int) (Math.floorMod(micros, Day.MICROS) / MINUTE);
    put(out, pos + 9, minutes / 60, 2);
    put(out, pos + 11, minutes % 60, 2);
    return pos + 13;
  }

  private static int writeDateTime(byte[] out, int pos, long micros, char separator) {
    int ymd = civil(Day.epochDayOf(micros));
    put(out, pos, ymd / 10_000, 4);
    out[pos + 4] = '-';
    put(out, pos + 5, ymd / 100 % 100, 2);
    out[pos + 7] = '-';
    put(out, pos + 8, ymd % 100, 2);
    out[pos + 10] = (byte) separator;
    long inDay = Math.floorMod(micros, Day.MICROS);
    int seconds = (int) (inDay / 1_000_000);
    int fraction = (int) (inDay % 1_000_000);
    put(out, pos + 11, seconds / 3600, 2);
    out[pos + 13] = ':';
    put(out, pos + 14, seconds / 60 % 60, 2);
    out[pos + 16] = ':';
    put(out, pos + 17, seconds % 60, 2);
    if (fraction == 0) {
      return pos + 19;
    }
    out[pos + 19] = '.';
    put(out, pos + 20, fraction, 6);
    return pos + 26;
  }

  /** Adds {@code HH:mm[:ss[.f]][zone]} to a day; {@link #INVALID} unless it ends at {@code end}. */
  private static long clock(byte[] b, int off, int end, long day) {
    if (end - off < 5 || b[off + 2] != ':') {
      return INVALID;
    }
    int hour = digits(b, off, 2);
    int minute = digits(b, off + 3, 2);
    int second = 0;
    long micros = 0;
    int at = off + 5;
    if (at < end && b[at] == ':') {
      if (end - at < 3) {
        return INVALID;
      }
      second = digits(b, at + 1, 2);
      at += 3;
      if (at < end && b[at] == '.') {
        int from = at + 1;
        at = from;
        while (at < end && b[at] >= '0' && b[at] <= '9') {
          at++;
        }
        micros = fraction(b, from, at);
      }
    }
    if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59 || micros < 0) {
      return INVALID;
    }
    long zone = zoneMinutes(b, at, end);
    return zone == INVALID
        ? INVALID
        : day + (hour * 60L + minute - zone) * MINUTE + second * 1_000_000L + micros;
  }

  private static long fraction(byte[] b, int from, int end) {
    if (end == from || end - from > FRACTION_DIGITS_MAX) {
      return INVALID;
    }
    long micros = 0;
    for (int i = 0; i < Math.max(6, end - from); i++) {
      int digit = from + i < end ? b[from + i] - '0' : 0;
      if (i < 6) {
        micros = micros * 10 + digit;
      } else if (digit != 0) {
        return INVALID;
      }
    }
    return micros;
  }

  private static long zoneMinutes(byte[] b, int at, int end) {
    if (at == end) {
      return 0;
    }
    if (b[at] == 'Z' || b[at] == 'z') {
      return end - at == 1 ? 0 : INVALID;
    }
    int len = end - at;
    boolean colon = len == 6 && b[at + 3] == ':';
    if ((b[at] != '+' && b[at] != '-') || (len != 3 && len != 5 && !colon)) {
      return INVALID;
    }
    int hours = digits(b, at + 1, 2);
    int minutes = len == 3 ? 0 : digits(b, end - 2, 2);
    if ((hours | minutes) < 0 || hours > 18 || minutes > 59) {
      return INVALID;
    }
    int total = hours * 60 + minutes;
    return b[at] == '-' ? -total : total;
  }

  /** Start of a civil day, or {@link #INVALID}; parts below 0 are no digits. */
  private static long day(int year, int month, int day) {
    if ((year | month | day) < 0 || month < 1 || month > 12 || day < 1 || day > 31) {
      return INVALID;
    }
    boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > DAYS[month - 1] && !(leap && month == 2 && day == 29)) {
      return INVALID;
    }
    return epochDay(year, month, day) * Day.MICROS;
  }

  /** Days since 1970-01-01 of a proleptic Gregorian date, counting years from March. */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (long) era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
  }

  /** A day as the number yyyyMMdd; inverse of {@link #epochDay}. */
  private static int civil(int epochDay) {
    int z = epochDay + DAYS_TO_1970;
    int era = Math.floorDiv(z, DAYS_PER_ERA);
    int dayOfEra = z - era * DAYS_PER_ERA;
    int yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / (DAYS_PER_ERA - 1)) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year * 10_000 + month * 100 + day;
  }

  /** A number of exactly {@code count} digits, or -1. */
  private static int digits(byte[] b, int off, int count) {
    int value = 0;
    for (int i = off; i < off + count; i++) {
      int digit = b[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static void put(byte[] out, int pos, int value, int count) {
    int rest = value;
    for (int i = pos + count - 1; i >= pos; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
