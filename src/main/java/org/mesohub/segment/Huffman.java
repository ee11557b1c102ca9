package org.mesohub.segment;

import java.util.Arrays;

/**
 * Canonical prefix codes of limited length. Optimal code lengths by the two-queue method over
 * sorted counts (van Leeuwen 1976); over-long codes are cut to the limit and Kraft's inequality is
 * restored by lengthening the rarest shorter codes.
 */
final class Huffman {
  /**
   * Longest code in bits; five codes fit one load, and the decode table (8 bytes an entry) half of
   * the first-level cache.
   */
  static final int LENGTH_MAX = 11;

  /** Bits of a table entry below the offset: what a shift by a {@code long} takes. */
  static final int ENTRY_SHIFT = 6;

  private static final int DIGIT_BITS = 8;
  private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

  /** Fewer symbols than this are sorted by comparing. */
  private static final int DIGIT_SORT_MIN = 64;

  private Huffman() {}

  /**
   * Code lengths for symbols with positive counts; at least two and at most 2^{@link #LENGTH_MAX}
   * of them.
   */
  static byte[] lengths(int[] counts) {
    int n = counts.length;
    long[] order = ascending(counts);
    var depth = depths(order);
    var lengths = new byte[n];
    long kraft = 0;
    for (int i = 0; i < n; i++) {
      int length = Math.min(depth[i], LENGTH_MAX);
      depth[i] = length;
      kraft += 1L << LENGTH_MAX - length;
    }
    limit(depth, kraft);
    for (int i = 0; i < n; i++) {
      lengths[(int) order[i]] = (byte) depth[i];
    }
    return lengths;
  }

  /** Counts with their symbols below them, in ascending order; by digits, since they are many. */
  private static long[] ascending(int[] counts) {
    int n = counts.length;
    var order = new long[n];
    long all = 0;
    for (int i = 0; i < n; i++) {
      order[i] = (long) counts[i] << 32 | i;
      all |= counts[i];
    }
    if (n < DIGIT_SORT_MIN) {
      Arrays.sort(order);
      return order;
    }
    var other = new long[n];
    for (int shift = 32; all >>> shift - 32 != 0; shift += DIGIT_BITS) {
      var start = new int[(1 << DIGIT_BITS) + 1];
      for (long entry : order) {
        start[((int) (entry >>> shift) & DIGIT_MASK) + 1]++;
      }
      for (int digit = 0; digit < DIGIT_MASK; digit++) {
        start[digit + 1] += start[digit];
      }
      for (long entry : order) {
        other[start[(int) (entry >>> shift) & DIGIT_MASK]++] = entry;
      }
      long[] sorted = other;
      other = order;
      order = sorted;
    }
    return order;
  }

  /** Depth of each leaf, leaves in ascending order of count. */
  private static int[] depths(long[] order) {
    int n = order.length;
    var weight = new long[2 * n - 1];
    var parent = new int[2 * n - 1];
    for (int i = 0; i < n; i++) {
      weight[i] = order[i] >>> 32;
    }
    int leaf = 0;
    int inner = n;
    for (int made = n; made < 2 * n - 1; made++) {
      for (int child = 0; child < 2; child++) {
        boolean takeLeaf = leaf < n && (inner >= made || weight[leaf] <= weight[inner]);
        int picked = takeLeaf ? leaf++ : inner++;
        weight[made] += weight[picked];
        parent[picked] = made;
      }
    }
    var depth = new int[2 * n - 1];
    for (int i = 2 * n - 3; i >= 0; i--) {
      depth[i] = depth[parent[i]] + 1;
    }
    return Arrays.copyOf(depth, n);
  }

  /** Makes the Kraft sum exactly 2^LENGTH_MAX; depths descend as counts ascend. */
  private static void limit(int[] depth, long kraftBefore) {
    long kraft = kraftBefore;
    long full = 1L << LENGTH_MAX;
    int deepest = 0;
    while (kraft > full) {
      while (depth[deepest] >= LENGTH_MAX) {
        deepest++;
      }
      kraft -= 1L << LENGTH_MAX - depth[deepest] - 1;
      depth[deepest]++;
    }
    for (int i = depth.length - 1; i >= 0 && kraft < full; i--) {
      while (depth[i] > 1 && kraft + (1L << LENGTH_MAX - depth[i]) <= full) {
        kraft += 1L << LENGTH_MAX - depth[i];
        depth[i]--;
      }
    }
  }

  /** The code of each symbol, to be written low bit first. */
  static int[] codes(byte[] lengths) {
    var next = firstCodes(lengths);
    var codes = new int[lengths.length];
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      int length = lengths[symbol];
      codes[symbol] = Integer.reverse(next[length]++) >>> 32 - length;
    }
    return codes;
  }

  private static int[] firstCodes(byte[] lengths) {
    var count = new int[LENGTH_MAX + 1];
    for (byte length : lengths) {
      count[length]++;
    }
    var next = new int[LENGTH_MAX + 1];
    for (int length = 2; length <= LENGTH_MAX; length++) {
      next[length] = next[length - 1] + count[length - 1] << 1;
    }
    return next;
  }

  /**
   * Decode table by the next bits: {@code offset << }{@link #ENTRY_SHIFT}{@code | length}. Its size
   * is 2^longest length.
   */
  static long[] decodeTable(byte[] lengths, long[] offsets) {
    int longest = 0;
    long kraft = 0;
    for (byte length : lengths) {
      if (length < 1 || length > LENGTH_MAX) {
        throw ByteReader.corrupt("a code length is out of range");
      }
      longest = Math.max(longest, length);
      kraft += 1L << LENGTH_MAX - length;
    }
    if (kraft != 1L << LENGTH_MAX) {
      throw ByteReader.corrupt("a set of prefix codes is not complete");
    }
    var table = new long[1 << longest];
    var codes = codes(lengths);
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      int step = 1 << lengths[symbol];
      for (int at = codes[symbol]; at < table.length; at += step) {
        table[at] = offsets[symbol] << ENTRY_SHIFT | lengths[symbol];
      }
    }
    return table;
  }
}
