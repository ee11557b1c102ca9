package org.mesohub.segment;

import org.jspecify.annotations.Nullable;

/**
 * How the numbers of one stream are written in every block of a chunk. A number is {@code base +
 * gcd * q}; q is a prefix-coded symbol when frequent, else a patch: its place and its {@code width}
 * bits, over a symbol that means nothing; or always {@code width} bits. Shared by the blocks so
 * that small blocks cost no tables of their own.
 */
final class SymbolTable {
  /** No number at all. */
  static final int EMPTY = 0;

  /** Always {@code base}. */
  static final int CONSTANT = 1;

  /** {@code width} bits each. */
  static final int PACKED = 2;

  /** Prefix codes for all. */
  static final int CODED = 3;

  /** Prefix codes, then patches. With one symbol there are only patches. */
  static final int PATCHED = 4;

  /** Widest q. */
  static final int WIDTH_MAX = 63;

  /** Numbers so far above the base have no symbol: a table entry would not hold them. */
  static final long OFFSET_END = 1L << 56;

  /** Most symbols of a table. */
  static final int SYMBOLS_MAX = 1 << Huffman.LENGTH_MAX;

  /** From this many numbers on, a coded stream has four parts that are decoded in step. */
  static final int FOUR_PARTS_MIN = 128;

  final int kind;
  final long base;
  final long gcd;
  final int width;
  final byte[] lengths;

  /** Per symbol: its number less the base. */
  private final long[] offsets;

  private long @Nullable [] table;

  SymbolTable(int kind, long base, long gcd, int width, long[] quotients, byte[] lengths) {
    this.kind = kind;
    this.base = base;
    this.gcd = gcd;
    this.width = width;
    this.lengths = lengths;
    this.offsets = new long[quotients.length];
    for (int i = 0; i < quotients.length; i++) {
      offsets[i] = gcd * quotients[i];
    }
  }

  static SymbolTable constant(int kind, long base) {
    return new SymbolTable(kind, base, 1, 0, new long[0], new byte[0]);
  }

  /** An upper bound of the absolute value of any number of the stream. */
  double magnitude() {
    double most = Math.abs((double) base);
    if (kind > CONSTANT) {
      most += Math.abs((double) gcd) * Math.scalb(1.0, width);
      for (long offset : offsets) {
        most = Math.max(most, Math.abs((double) base) + offset);
      }
    }
    return most;
  }

  /** Whether blocks hold nothing for this stream. */
  boolean isSilent() {
    return kind <= CONSTANT;
  }

  static SymbolTable read(HeaderLanes.Reader lanes) {
    int kind = lanes.meta().varint(EMPTY, PATCHED, "the kind of a stream");
    if (kind == EMPTY) {
      return constant(EMPTY, 0);
    }
    long base = lanes.meta().signed();
    if (kind == CONSTANT) {
      return constant(CONSTANT, base);
    }
    long gcd = lanes.meta().varint();
    int width = lanes.meta().varint(0, WIDTH_MAX, "a bit width");
    if (kind == PACKED) {
      return new SymbolTable(kind, base, gcd, width, new long[0], new byte[0]);
    }
    int count = lanes.meta().varint(kind == CODED ? 2 : 1, SYMBOLS_MAX, "a number of symbols");
    var quotients = new long[count];
    long at = -1;
    for (int i = 0; i < count; i++) {
      at += lanes.dictionary().varint() + 1;
      if (at < 0 || (double) at * gcd >= OFFSET_END || gcd <= 0) {
        throw ByteReader.corrupt("a symbol is out of range");
      }
      quotients[i] = at;
    }
    var lengths = new byte[count];
    for (int i = 0; i < count && count > 1; i++) {
      lengths[i] = (byte) lanes.lengths().u8();
    }
    return new SymbolTable(kind, base, gcd, width, quotients, lengths);
  }

  /**
   * Decodes {@code n} numbers of a block to {@code out}, the first at {@code at}.
   *
   * @param end where the block's part of the column ends; 8 bytes past it are readable
   * @return where the stream ends
   */
  int decode(byte[] bytes, int from, int end, int n, long[] out, int at) {
    if (n == 0) {
      return from;
    }
    switch (kind) {
      case EMPTY -> throw ByteReader.corrupt("a stream without numbers is read");
      case CONSTANT -> {
        java.util.Arrays.fill(out, at, at + n, base);
        return from;
      }
      default -> {
        var reader = new ByteReader(bytes, from, end);
        int form = reader.varint(0, 1, "the form of a stream");
        if (form == StreamWriter.FORM_PLANES) {
          planes(bytes, reader, n, out, at);
        } else if (kind == PACKED) {
          packed(bytes, reader.skip(bytesOf(n, width)), n, out, at);
        } else {
          coded(bytes, reader, n, out, at);
        }
        return reader.position();
      }
    }
  }

  private void packed(byte[] bytes, int from, int n, long[] out, int at) {
    long bit = (long) from << 3;
    if (width <= Bits.ONE_LOAD_MAX) {
      long mask = (1L << width) - 1;
      for (int i = 0; i < n; i++, bit += width) {
        out[at + i] = base + gcd * (Bits.load(bytes, bit) & mask);
      }
    } else {
      for (int i = 0; i < n; i++, bit += width) {
        out[at + i] = base + gcd * Bits.get(bytes, bit, width);
      }
    }
  }

  private void planes(byte[] bytes, ByteReader reader, int n, long[] out, int at) {
    int size = reader.varint(1, Integer.MAX_VALUE, "the size of a frame");
    int from = reader.skip(size);
    int planes = (width + 7) / 8;
    byte[] unpacked = Frames.unpack(bytes, from, size, planes * n);
    for (int i = 0; i < n; i++) {
      long quotient = 0;
      for (int plane = 0, j = i; plane < planes; plane++, j += n) {
        quotient |= (unpacked[j] & 0xffL) << plane * 8;
      }
      out[at + i] = base + gcd * quotient;
    }
  }

  private void coded(byte[] bytes, ByteReader reader, int n, long[] out, int at) {
    int patches = kind == PATCHED ? reader.varint(0, n, "a number of patches") : 0;
    if (offsets.length == 1) {
      java.util.Arrays.fill(out, at, at + n, base + offsets[0]);
    } else if (n >= FOUR_PARTS_MIN) {
      CodedParts.four(bytes, reader, table(), base, n, out, at);
    } else {
      CodedParts.one(bytes, reader, table(), base, n, out, at);
    }
    if (patches > 0) {
      int placeWidth = Bits.width(n - 1);
      long place = (long) reader.skip(bytesOf(patches, placeWidth)) << 3;
      long number = (long) reader.skip(bytesOf(patches, width)) << 3;
      for (int i = 0; i < patches; i++, place += placeWidth, number += width) {
        int to = (int) Bits.get(bytes, place, placeWidth);
        if (to >= n) {
          throw ByteReader.corrupt("a patch lies outside its stream");
        }
        out[at + to] = base + gcd * Bits.get(bytes, number, width);
      }
    }
  }

  private long[] table() {
    long[] built = table;
    if (built == null) {
      built = Huffman.decodeTable(lengths, offsets);
      table = built;
    }
    return built;
  }

  /** Bytes of so many fields. */
  static int bytesOf(int fields, int width) {
    return (int) (((long) fields * width + 7) >>> 3);
  }
}
