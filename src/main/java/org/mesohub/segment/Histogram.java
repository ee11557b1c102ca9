package org.mesohub.segment;

import java.util.Arrays;

/**
 * Distinct quotients of a stream in ascending order with their counts, after taking out the
 * smallest number and the common divisor.
 */
final class Histogram {
  /** Ranges up to this are counted in an array, others by sorting. */
  private static final int DIRECT_RANGE_MAX = 1 << 17;

  /** What a symbol costs in the header, in bits, as measured after packing. */
  static final int SYMBOL_COST_BITS = 11;

  private static final int FRACTION_BITS = 16;

  /** About what the mark of an escape costs, as a fraction like {@link #log2}. */
  private static final long ESCAPE_BITS = 3L << FRACTION_BITS;

  final long min;
  final long gcd;

  /** Largest quotient. */
  final long quotientMax;

  final long[] quotients;
  final int[] counts;
  final int total;

  private Histogram(
      long min, long gcd, long quotientMax, long[] quotients, int[] counts, int total) {
    this.min = min;
    this.gcd = gcd;
    this.quotientMax = quotientMax;
    this.quotients = quotients;
    this.counts = counts;
    this.total = total;
  }

  /** Counts the first {@code n} numbers, at least one. */
  static Histogram of(long[] numbers, int n) {
    long min = numbers[0];
    long max = min;
    for (int i = 1; i < n; i++) {
      min = Math.min(min, numbers[i]);
      max = Math.max(max, numbers[i]);
    }
    long range = max - min;
    return range < DIRECT_RANGE_MAX
        ? direct(numbers, n, min, (int) range)
        : sorted(numbers, n, min);
  }

  /** An estimate in whole bits of what the first {@code n} numbers cost, with their table. */
  static long costBits(long[] numbers, int n) {
    if (n == 0) {
      return 0;
    }
    Histogram all = of(numbers, n);
    long width = (long) Bits.width(all.quotientMax) << FRACTION_BITS;
    long total = log2(n);
    long bits = 0;
    for (int count : all.counts) {
      long coded = count * (total - log2(count)) + ((long) SYMBOL_COST_BITS << FRACTION_BITS);
      bits += Math.min(coded, count * (width + ESCAPE_BITS));
    }
    return bits >> FRACTION_BITS;
  }

  /** Logarithm with {@link #FRACTION_BITS}, linear between powers of two; the same everywhere. */
  private static long log2(int value) {
    int whole = Bits.width(value) - 1;
    long fraction = ((long) value << FRACTION_BITS >> whole) - (1L << FRACTION_BITS);
    return ((long) whole << FRACTION_BITS) + fraction;
  }

  private static Histogram direct(long[] numbers, int n, long min, int range) {
    var count = new int[range + 1];
    for (int i = 0; i < n; i++) {
      count[(int) (numbers[i] - min)]++;
    }
    long gcd = 0;
    int distinct = 0;
    for (int offset = 0; offset <= range; offset++) {
      if (count[offset] != 0) {
        gcd = gcd == 1 ? 1 : gcd(gcd, offset);
        distinct++;
      }
    }
    long divisor = Math.max(1, gcd);
    var quotients = new long[distinct];
    var counts = new int[distinct];
    int at = 0;
    for (int offset = 0; offset <= range; offset += (int) divisor) {
      if (count[offset] != 0) {
        quotients[at] = at == 0 ? 0 : offset / divisor;
        counts[at++] = count[offset];
      }
    }
    return new Histogram(min, divisor, range / divisor, quotients, counts, n);
  }

  private static Histogram sorted(long[] numbers, int n, long min) {
    long[] sorted = Arrays.copyOf(numbers, n);
    Arrays.sort(sorted);
    long gcd = 0;
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        gcd = gcd == 1 ? 1 : gcd(gcd, sorted[i] - min);
        distinct++;
      }
    }
    long divisor = Math.max(1, gcd);
    var quotients = new long[distinct];
    var counts = new int[distinct];
    int at = -1;
    for (int i = 0; i < n; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        quotients[++at] = (sorted[i] - min) / divisor;
      }
      counts[at]++;
    }
    return new Histogram(min, divisor, quotients[distinct - 1], quotients, counts, n);
  }

  private static long gcd(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return x;
  }
}
