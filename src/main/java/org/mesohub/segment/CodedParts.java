package org.mesohub.segment;

/**
 * The decoding loops of prefix-coded streams. Four parts advance in step, so that the loads and
 * table look-ups of one hide behind those of the others; one load serves five codes of a part. An
 * entry of the table holds the number and, in the bits that a shift looks at, the code's length.
 */
final class CodedParts {
  private static final int CODES_PER_LOAD = 5;
  private static final int SHIFT = Huffman.ENTRY_SHIFT;
  private static final int LENGTH_MASK = (1 << SHIFT) - 1;

  private CodedParts() {}

  /** Four parts of n/4 numbers each, the last with the rest; the four sizes come first. */
  static void four(
      byte[] bytes, ByteReader reader, long[] table, long base, int n, long[] out, int at) {
    int quarter = n >>> 2;
    int size0 = reader.u16();
    int size1 = reader.u16();
    int size2 = reader.u16();
    int size3 = reader.u16();
    int from0 = reader.skip(size0);
    int from1 = reader.skip(size1);
    int from2 = reader.skip(size2);
    int from3 = reader.skip(size3);
    int mask = table.length - 1;
    long bit0 = (long) from0 << 3;
    long bit1 = (long) from1 << 3;
    long bit2 = (long) from2 << 3;
    long bit3 = (long) from3 << 3;
    long end = (long) from3 + size3 << 3;
    int at0 = at;
    int at1 = at0 + quarter;
    int at2 = at1 + quarter;
    int at3 = at2 + quarter;
    int i = 0;
    for (; i + CODES_PER_LOAD <= quarter && bit3 < end; i += CODES_PER_LOAD) {
      long w0 = Bits.load(bytes, bit0);
      long w1 = Bits.load(bytes, bit1);
      long w2 = Bits.load(bytes, bit2);
      long w3 = Bits.load(bytes, bit3);
      // Five lengths of at most 11 add up below 64, so that their sum can be masked once.
      long sum0 = 0;
      long sum1 = 0;
      long sum2 = 0;
      long sum3 = 0;
      for (int k = 0; k < CODES_PER_LOAD; k++) {
        long e0 = table[(int) w0 & mask];
        long e1 = table[(int) w1 & mask];
        long e2 = table[(int) w2 & mask];
        long e3 = table[(int) w3 & mask];
        out[at0 + i + k] = base + (e0 >>> SHIFT);
        out[at1 + i + k] = base + (e1 >>> SHIFT);
        out[at2 + i + k] = base + (e2 >>> SHIFT);
        out[at3 + i + k] = base + (e3 >>> SHIFT);
        w0 >>>= e0;
        w1 >>>= e1;
        w2 >>>= e2;
        w3 >>>= e3;
        sum0 += e0;
        sum1 += e1;
        sum2 += e2;
        sum3 += e3;
      }
      bit0 += sum0 & LENGTH_MASK;
      bit1 += sum1 & LENGTH_MASK;
      bit2 += sum2 & LENGTH_MASK;
      bit3 += sum3 & LENGTH_MASK;
      if (bit0 > (long) from1 << 3 || bit1 > (long) from2 << 3 || bit2 > (long) from3 << 3) {
        break;
      }
    }
    tail(bytes, bit0, from1, table, base, out, at0 + i, at1);
    tail(bytes, bit1, from2, table, base, out, at1 + i, at2);
    tail(bytes, bit2, from3, table, base, out, at2 + i, at3);
    tail(bytes, bit3, from3 + size3, table, base, out, at3 + i, at + n);
  }

  /** A single part. */
  static void one(
      byte[] bytes, ByteReader reader, long[] table, long base, int n, long[] out, int at) {
    int size = reader.u16();
    int from = reader.skip(size);
    tail(bytes, (long) from << 3, from + size, table, base, out, at, at + n);
  }

  /** Decodes on one by one and checks that the part is used up exactly. */
  private static void tail(
      byte[] bytes, long firstBit, int end, long[] table, long base, long[] out, int from, int to) {
    int mask = table.length - 1;
    long bit = firstBit;
    long endBit = (long) end << 3;
    for (int i = from; i < to; i++) {
      if (bit >= endBit) {
        throw ByteReader.corrupt("a coded part ends too early");
      }
      long e = table[(int) Bits.load(bytes, bit) & mask];
      out[i] = base + (e >>> SHIFT);
      bit += e & LENGTH_MASK;
    }
    if (bit + 7 >>> 3 != end) {
      throw ByteReader.corrupt("a coded part does not end where it should");
    }
  }
}
