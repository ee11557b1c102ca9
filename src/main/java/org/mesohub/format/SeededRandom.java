package org.mesohub.format;

/** Small fast random numbers from a seed (SplitMix64, Steele et al. 2014). */
final class SeededRandom {
  private long state;

  SeededRandom(long seed) {
    state = seed;
  }

  long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (next() >>> 11) * 0x1p-53;
  }

  /** Uniform in [0, bound). */
  int below(int bound) {
    return (int) ((next() >>> 33) * bound >>> 31);
  }

  /** Nearly normal, mean 0 and deviation 1: the sum of four uniform parts of one draw. */
  double gaussian() {
    long bits = next();
    int sum =
        (int) ((bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48));
    return (sum - 131_070) * (1 / 37_837.0);
  }
}
