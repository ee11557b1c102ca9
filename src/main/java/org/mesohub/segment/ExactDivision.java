package org.mesohub.segment;

/**
 * Division of multiples of one positive number: a multiplication by the inverse of its odd part
 * modulo 2^64, several times faster than dividing.
 */
final class ExactDivision {
  /** The inverse of an odd number has 3 right bits at first; each step doubles them. */
  private static final int NEWTON_STEPS = 5;

  final long divisor;
  private final int shift;
  private final long inverse;
  private final long lowBits;
  private final long quotientMax;

  ExactDivision(long divisor) {
    this.divisor = divisor;
    this.shift = Long.numberOfTrailingZeros(divisor);
    long odd = divisor >>> shift;
    long x = odd;
    for (int i = 0; i < NEWTON_STEPS; i++) {
      x *= 2 - odd * x;
    }
    this.inverse = x;
    this.lowBits = (1L << shift) - 1;
    this.quotientMax = Long.divideUnsigned(-1L, odd);
  }

  /** The quotient of a multiple of the divisor that is not negative. */
  long of(long multiple) {
    return (multiple >>> shift) * inverse;
  }

  /** Whether a number that is not negative is a multiple. */
  boolean divides(long number) {
    return (number & lowBits) == 0 && Long.compareUnsigned(of(number), quotientMax) <= 0;
  }
}
