package org.mesohub.segment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;

/**
 * Finds the key order of rows given as (station rank, time). Stable.
 *
 * <p>Day, rank and time of day are packed into one integer together with the row's position, as
 * tightly as the rows at hand allow, and sorted by radix, least significant digit first. Keys that
 * do not fit are sorted in two rounds, by time and then by (day, rank).
 */
final class KeySort {
  /** Bits of a radix digit; its counters take 8 KiB, a quarter of a first-level cache. */
  private static final int DIGIT_BITS = 11;

  private static final int DIGITS = 1 << DIGIT_BITS;

  /** Below this many rows the counters cost more than comparisons do. */
  private static final int RADIX_ROWS_MIN = 512;

  /**
   * Time steps tried as the unit of time, coarsest first: minute, second, millisecond, microsecond.
   */
  private static final long[] UNITS_MICROS = {60_000_000, 1_000_000, 1_000, 1};

  private KeySort() {}

  /** Compares two keys of stations ranked alike. */
  static int compare(int rankA, long timeA, int rankB, long timeB) {
    if (timeA == timeB) {
      return Integer.compare(rankA, rankB);
    }
    int byDay = Integer.compare(Day.epochDayOf(timeA), Day.epochDayOf(timeB));
    if (byDay != 0) {
      return byDay;
    }
    return rankA != rankB ? Integer.compare(rankA, rankB) : Long.compare(timeA, timeB);
  }

  /** Positions of the rows in key order; null when they are in key order as they stand. */
  static int @Nullable [] order(int[] rank, long[] time, int rows) {
    if (isSorted(rank, time, rows)) {
      return null;
    }
    long timeMin = Long.MAX_VALUE;
    long timeMax = Long.MIN_VALUE;
    int rankMin = Integer.MAX_VALUE;
    int rankMax = Integer.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      timeMin = Math.min(timeMin, time[i]);
      timeMax = Math.max(timeMax, time[i]);
      rankMin = Math.min(rankMin, rank[i]);
      rankMax = Math.max(rankMax, rank[i]);
    }
    int dayMin = Day.epochDayOf(timeMin);
    long days = Day.epochDayOf(timeMax) - (long) dayMin + 1;
    long ranks = rankMax - (long) rankMin + 1;
    long unit = unit(time, rows);
    long units = Day.MICROS / unit;
    int positionBits = bits(rows - 1L);
    if (bits(days) + bits(ranks) + bits(units) + positionBits > Long.SIZE - 1) {
      return orderInTwoRounds(rank, time, rows, timeMin, dayMin, ranks);
    }
    var packed = new long[rows];
    for (int i = 0; i < rows; i++) {
      int day = Day.epochDayOf(time[i]);
      long key = (day - (long) dayMin) * ranks + (rank[i] - rankMin);
      packed[i] = (key * units + units(time[i] - day * Day.MICROS, unit)) << positionBits | i;
    }
    return positions(packed, rows, positionBits, bits(days * ranks * units - 1));
  }

  private static boolean isSorted(int[] rank, long[] time, int rows) {
    for (int i = 1; i < rows; i++) {
      if (compare(rank[i - 1], time[i - 1], rank[i], time[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  /** The coarsest unit that every time of day is a multiple of. */
  private static long unit(long[] time, int rows) {
    int candidate = 0;
    long unit = UNITS_MICROS[0];
    for (int i = 0; i < rows; i++) {
      long ofDay = time[i] - Day.epochDayOf(time[i]) * Day.MICROS;
      while (units(ofDay, unit) * unit != ofDay) {
        unit = UNITS_MICROS[++candidate];
      }
    }
    return unit;
  }

  /**
   * Integer quotient by way of doubles, which divide faster; exact when the unit divides, as both
   * are below 2^53.
   */
  private static long units(long microsOfDay, long unit) {
    return (long) ((double) microsOfDay / (double) unit);
  }

  private static int[] positions(long[] packed, int rows, int positionBits, int keyBits) {
    long[] sorted = packed;
    if (rows < RADIX_ROWS_MIN) {
      Arrays.sort(packed);
    } else {
      sorted = radixSort(packed, rows, positionBits, positionBits + keyBits);
    }
    var order = new int[rows];
    int mask = (int) ((1L << positionBits) - 1);
    for (int i = 0; i < rows; i++) {
      order[i] = (int) sorted[i] & mask;
    }
    return order;
  }

  /**
   * Sorts by the bits {@code [fromBit, toBit)}; the result is in the array returned, the argument
   * is used up.
   */
  private static long[] radixSort(long[] values, int rows, int fromBit, int toBit) {
    long[] from = values;
    var to = new long[rows];
    var next = new int[DIGITS];
    for (int shift = fromBit; shift < toBit; shift += DIGIT_BITS) {
      Arrays.fill(next, 0);
      for (int i = 0; i < rows; i++) {
        next[(int) (from[i] >>> shift) & (DIGITS - 1)]++;
      }
      if (startOfDigits(next, rows)) {
        continue;
      }
      for (int i = 0; i < rows; i++) {
        long value = from[i];
        to[next[(int) (value >>> shift) & (DIGITS - 1)]++] = value;
      }
      long[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static int[] orderInTwoRounds(
      int[] rank, long[] time, int rows, long timeMin, int dayMin, long ranks) {
    var key = new long[rows];
    var order = new int[rows];
    for (int i = 0; i < rows; i++) {
      key[i] = time[i] - timeMin;
      order[i] = i;
    }
    int[] byTime = radixSort(key, order, rows);
    for (int i = 0; i < rows; i++) {
      key[i] = (Day.epochDayOf(time[i]) - (long) dayMin) * ranks + rank[i];
    }
    return radixSort(key, byTime, rows);
  }

  /** Sorts positions by the keys they point to, unsigned; the order given is used up. */
  private static int[] radixSort(long[] key, int[] order, int rows) {
    int[] from = order;
    var to = new int[rows];
    var next = new int[DIGITS];
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
      Arrays.fill(next, 0);
      for (int i = 0; i < rows; i++) {
        next[(int) (key[i] >>> shift) & (DIGITS - 1)]++;
      }
      if (startOfDigits(next, rows)) {
        continue;
      }
      for (int i = 0; i < rows; i++) {
        int position = from[i];
        to[next[(int) (key[position] >>> shift) & (DIGITS - 1)]++] = position;
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  /**
   * Turns counts into the first index of each digit; true, with the counts spoilt, when all rows
   * have the same digit.
   */
  private static boolean startOfDigits(int[] counts, int rows) {
    int start = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = counts[digit];
      if (count == rows) {
        return true;
      }
      counts[digit] = start;
      start += count;
    }
    return false;
  }

  /** Bits that hold the values 0 to {@code max}. */
  private static int bits(long max) {
    return Long.SIZE - Long.numberOfLeadingZeros(max);
  }
}
