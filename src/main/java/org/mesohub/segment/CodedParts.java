package org.mesohub.segment;

/**
 * The decoding loops of prefix-coded streams. Four parts advance in step, so that the loads and
 * table look-ups of one hide behind those of the others; one load serves four codes of a part.
 */
final class CodedParts {
  private static final int CODES_PER_LOAD = 4;

  private CodedParts() {}

  /** Four parts of n/4 numbers each, the last with the rest; the four sizes come first. */
  static void four(
      byte[] bytes, ByteReader reader, char[] table, long[] values, int n, long[] out, int at) {
    int quarter = n >>> 2;
    int sizeMax = n * 2;
    int size0 = reader.varint(0, sizeMax, "the size of a part");
    int size1 = reader.varint(0, sizeMax, "the size of a part");
    int size2 = reader.varint(0, sizeMax, "the size of a part");
    int size3 = reader.varint(0, sizeMax, "the size of a part");
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
      for (int k = 0; k < CODES_PER_LOAD; k++) {
        int e0 = table[(int) w0 & mask];
        int e1 = table[(int) w1 & mask];
        int e2 = table[(int) w2 & mask];
        int e3 = table[(int) w3 & mask];
        out[at0 + i + k] = values[e0 >>> 4];
        out[at1 + i + k] = values[e1 >>> 4];
        out[at2 + i + k] = values[e2 >>> 4];
        out[at3 + i + k] = values[e3 >>> 4];
        w0 >>>= e0 & 15;
        w1 >>>= e1 & 15;
        w2 >>>= e2 & 15;
        w3 >>>= e3 & 15;
        bit0 += e0 & 15;
        bit1 += e1 & 15;
        bit2 += e2 & 15;
        bit3 += e3 & 15;
      }
      if (bit0 > (long) from1 << 3 || bit1 > (long) from2 << 3 || bit2 > (long) from3 << 3) {
        break;
      }
    }
    tail(bytes, bit0, from1, table, values, out, at0 + i, at1);
    tail(bytes, bit1, from2, table, values, out, at1 + i, at2);
    tail(bytes, bit2, from3, table, values, out, at2 + i, at3);
    tail(bytes, bit3, from3 + size3, table, values, out, at3 + i, at + n);
  }

  /** A single part. */
  static void one(
      byte[] bytes, int from, int size, char[] table, long[] values, int n, long[] out, int at) {
    tail(bytes, (long) from << 3, from + size, table, values, out, at, at + n);
  }

  /** Decodes on one by one and checks that the part is used up exactly. */
  private static void tail(
      byte[] bytes,
      long firstBit,
      int end,
      char[] table,
      long[] values,
      long[] out,
      int from,
      int to) {
    int mask = table.length - 1;
    long bit = firstBit;
    long endBit = (long) end << 3;
    for (int i = from; i < to; i++) {
      if (bit >= endBit) {
        throw ByteReader.corrupt("a coded part ends too early");
      }
      int e = table[(int) Bits.load(bytes, bit) & mask];
      out[i] = values[e >>> 4];
      bit += e & 15;
    }
    if (bit + 7 >>> 3 != end) {
      throw ByteReader.corrupt("a coded part does not end where it should");
    }
  }
}
