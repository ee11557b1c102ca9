package org.mesohub.segment;

/**
 * Distinct quotients of a stream in ascending order with their counts, after taking out the
 * smallest number and the common divisor.
 */
final class Histogram {
  /** Ranges up to this are counted in an array, others by hashing. */
  private static final int DIRECT_RANGE_MAX = 1 << 17;

  /** Looking through an array pays while it has at most so many places a number. */
  private static final int DIRECT_RANGE_PER_NUMBER = 8;

  /** What a symbol costs in the header, in bits, as measured after packing. */
  static final int SYMBOL_COST_BITS = 11;

  private static final int FRACTION_BITS = 16;

  /** About what the place of a number without symbol costs, as a fraction like {@link #log2}. */
  private static final long ESCAPE_BITS = 12L << FRACTION_BITS;

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

  /** Counts the numbers {@code [from, to)}, at least one. */
  static Histogram of(long[] numbers, int from, int to, EncodeScratch scratch) {
    long min = numbers[from];
    long max = min;
    for (int i = from + 1; i < to; i++) {
      min = Math.min(min, numbers[i]);
      max = Math.max(max, numbers[i]);
    }
    long range = max - min;
    long rangeMax = Math.min(DIRECT_RANGE_MAX, (long) (to - from) * DIRECT_RANGE_PER_NUMBER);
    if (range < rangeMax) {
      int[] count = scratch.zeros(DIRECT_RANGE_MAX);
      Histogram all = direct(numbers, from, to, min, (int) range, count, scratch);
      scratch.giveZeros(count);
      return all;
    }
    var division = new ExactDivision(commonDivisor(numbers, from, to, min));
    if (division.divisor == 1 || division.of(range) >= rangeMax) {
      return hashed(numbers, from, to, min, division);
    }
    int[] count = scratch.zeros(DIRECT_RANGE_MAX);
    Histogram all =
        divided(numbers, from, to, min, division, (int) division.of(range), count, scratch);
    scratch.giveZeros(count);
    return all;
  }

  /** An estimate in whole bits of what the numbers {@code [from, to)} cost, with their table. */
  static long costBits(long[] numbers, int from, int to, EncodeScratch scratch) {
    if (from == to) {
      return 0;
    }
    Histogram all = of(numbers, from, to, scratch);
    long width = (long) Bits.width(all.quotientMax) << FRACTION_BITS;
    long total = log2(to - from);
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

  private static Histogram direct(
      long[] numbers, int from, int to, long min, int range, int[] count, EncodeScratch scratch) {
    for (int i = from; i < to; i++) {
      count[(int) (numbers[i] - min)]++;
    }
    var division = new ExactDivision(1);
    int[] places = scratch.ints(range + 1);
    int distinct = 1;
    places[0] = 0;
    for (int offset = 1; offset <= range; offset++) {
      if (count[offset] != 0) {
        if (distinct == 1) {
          division = new ExactDivision(offset);
        } else if (!division.divides(offset)) {
          division = new ExactDivision(gcd(offset, division.divisor));
        }
        places[distinct++] = offset;
      }
    }
    Histogram all = taken(count, places, distinct, min, division, 1, to - from);
    scratch.give(places);
    return all;
  }

  private static Histogram divided(
      long[] numbers,
      int from,
      int to,
      long min,
      ExactDivision division,
      int quotientMax,
      int[] count,
      EncodeScratch scratch) {
    for (int i = from; i < to; i++) {
      count[(int) division.of(numbers[i] - min)]++;
    }
    int[] places = scratch.ints(quotientMax + 1);
    int distinct = 0;
    for (int quotient = 0; quotient <= quotientMax; quotient++) {
      if (count[quotient] != 0) {
        places[distinct++] = quotient;
      }
    }
    Histogram all =
        taken(count, places, distinct, min, new ExactDivision(1), division.divisor, to - from);
    scratch.give(places);
    return all;
  }

  /** Takes the counts out of the array, whose places are multiples of {@code step}. */
  private static Histogram taken(
      int[] count,
      int[] places,
      int distinct,
      long min,
      ExactDivision step,
      long divisor,
      int total) {
    var quotients = new long[distinct];
    var counts = new int[distinct];
    for (int i = 0; i < distinct; i++) {
      quotients[i] = step.of(places[i]);
      counts[i] = count[places[i]];
      count[places[i]] = 0;
    }
    return new Histogram(
        min, step.divisor * divisor, quotients[distinct - 1], quotients, counts, total);
  }

  private static Histogram hashed(
      long[] numbers, int from, int to, long min, ExactDivision division) {
    var all = new DistinctCounts();
    for (int i = from; i < to; i++) {
      all.add(division.of(numbers[i] - min));
    }
    long[] quotients = all.numbers();
    var counts = new int[quotients.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = all.count(quotients[i]);
    }
    long most = quotients[quotients.length - 1];
    return new Histogram(min, division.divisor, most, quotients, counts, to - from);
  }

  /** Of all offsets to the smallest number, one at least not 0. */
  private static long commonDivisor(long[] numbers, int from, int to, long min) {
    long gcd = 0;
    var division = new ExactDivision(1);
    for (int i = from; i < to; i++) {
      long offset = numbers[i] - min;
      if (offset != 0 && (gcd == 0 || !division.divides(offset))) {
        gcd = gcd(offset, gcd);
        if (gcd == 1) {
          return 1;
        }
        division = new ExactDivision(gcd);
      }
    }
    return gcd;
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
