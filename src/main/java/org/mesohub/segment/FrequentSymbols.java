package org.mesohub.segment;

import java.util.Arrays;

/** The quotients of a stream that are worth a symbol of their own; the others become patches. */
final class FrequentSymbols {
  /** About what the place of a patch and the code under it cost, in bits. */
  private static final int PATCH_COST_BITS = 13;

  /**
   * Rarer ones are not worth their place in the tables, whatever their bits: opening takes time.
   */
  private static final int COUNT_MIN = 3;

  final long[] quotients;
  final int[] counts;
  final int count;

  /** Numbers without symbol. */
  final int patches;

  FrequentSymbols(Histogram all, int width) {
    int least = leastCount(all, width);
    var keptQuotients = new long[all.quotients.length];
    var keptCounts = new int[all.quotients.length];
    int kept = 0;
    int rest = all.total;
    for (int i = 0; i < all.quotients.length; i++) {
      boolean fits = (double) all.quotients[i] * all.gcd < SymbolTable.OFFSET_END;
      if (all.counts[i] >= least && fits) {
        keptQuotients[kept] = all.quotients[i];
        keptCounts[kept++] = all.counts[i];
        rest -= all.counts[i];
      }
    }
    quotients = Arrays.copyOf(keptQuotients, kept);
    counts = Arrays.copyOf(keptCounts, kept);
    count = kept;
    patches = rest;
  }

  /**
   * Smallest count that saves more bits than the symbol costs, and that leaves room for all
   * symbols.
   */
  private static int leastCount(Histogram all, int width) {
    int least = Math.min(COUNT_MIN, all.total);
    while (true) {
      int saved = width + PATCH_COST_BITS - Bits.width(all.total / least);
      if ((long) least * Math.max(1, saved) >= Histogram.SYMBOL_COST_BITS
          && fits(all.counts, least)) {
        return least;
      }
      least++;
    }
  }

  private static boolean fits(int[] counts, int least) {
    int kept = 0;
    for (int count : counts) {
      kept += count >= least ? 1 : 0;
    }
    return kept <= SymbolTable.SYMBOLS_MAX;
  }

  /** Code lengths; the most frequent symbol also stands where a patch goes. */
  byte[] lengths() {
    if (count == 1) {
      return new byte[1];
    }
    int[] written = counts.clone();
    int most = 0;
    for (int i = 1; i < count; i++) {
      most = written[i] > written[most] ? i : most;
    }
    written[most] += patches;
    return Huffman.lengths(written);
  }

  /** Bits of all numbers and of the symbols in the header. */
  long bits(byte[] lengths, int width) {
    long bits = (long) count * Histogram.SYMBOL_COST_BITS;
    for (int i = 0; i < count; i++) {
      bits += (long) counts[i] * lengths[i];
    }
    return bits + (long) patches * (PATCH_COST_BITS + width);
  }
}
