package org.mesohub.segment;

import org.jspecify.annotations.Nullable;

/**
 * How the numbers of one stream are written in every block of a chunk. A number is {@code base +
 * gcd * q}; q is a prefix-coded symbol when frequent, else an escape followed elsewhere by its
 * {@code width} bits; or always {@code width} bits. Shared by the blocks so that small blocks cost
 * no tables of their own.
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

  /** Prefix codes, the last symbol being the escape. */
  static final int ESCAPED = 4;

  /** Widest q. */
  static final int WIDTH_MAX = 63;

  /** From this many numbers on, a coded stream has four parts that are decoded in step. */
  static final int FOUR_PARTS_MIN = 128;

  /** What the escape decodes to before it is replaced. */
  private static final long ESCAPE_MARK = Long.MIN_VALUE;

  final int kind;
  final long base;
  final long gcd;
  final int width;
  final byte[] lengths;

  /** Value of each symbol. */
  private final long[] values;

  private char @Nullable [] table;

  SymbolTable(int kind, long base, long gcd, int width, long[] quotients, byte[] lengths) {
    this.kind = kind;
    this.base = base;
    this.gcd = gcd;
    this.width = width;
    this.lengths = lengths;
    this.values = new long[lengths.length];
    for (int i = 0; i < quotients.length; i++) {
      values[i] = base + gcd * quotients[i];
    }
    if (kind == ESCAPED) {
      values[lengths.length - 1] = ESCAPE_MARK;
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
      for (long value : values) {
        most = Math.max(most, value == ESCAPE_MARK ? 0 : Math.abs((double) value));
      }
    }
    return most;
  }

  /** Whether blocks hold nothing for this stream. */
  boolean isSilent() {
    return kind <= CONSTANT;
  }

  static SymbolTable read(HeaderLanes.Reader lanes) {
    int kind = lanes.meta().varint(EMPTY, ESCAPED, "the kind of a stream");
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
    int count = lanes.meta().varint(1, 1 << Huffman.LENGTH_MAX, "a number of symbols");
    var quotients = new long[count];
    long at = -1;
    for (int i = 0; i < count; i++) {
      at += lanes.dictionary().varint() + 1;
      quotients[i] = at;
    }
    var lengths = new byte[count + (kind == ESCAPED ? 1 : 0)];
    for (int i = 0; i < lengths.length; i++) {
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
          packed(bytes, reader.skip(packedBytes(n)), n, out, at);
        } else {
          coded(bytes, reader, n, out, at);
        }
        return reader.position();
      }
    }
  }

  private int packedBytes(int n) {
    return (int) (((long) n * width + 7) >>> 3);
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
    int escapes = kind == ESCAPED ? reader.varint(0, n, "a number of escapes") : 0;
    var decoder = table();
    if (n >= FOUR_PARTS_MIN) {
      CodedParts.four(bytes, reader, decoder, values, n, out, at);
    } else {
      int size = reader.varint(0, n * Huffman.LENGTH_MAX, "the size of a part");
      CodedParts.one(bytes, reader.skip(size), size, decoder, values, n, out, at);
    }
    if (kind == ESCAPED) {
      int from = reader.skip(packedBytes(escapes));
      replaceEscapes(bytes, from, escapes, at, at + n, out);
    }
  }

  private void replaceEscapes(byte[] bytes, int from, int escapes, int at, int end, long[] out) {
    long bit = (long) from << 3;
    int seen = 0;
    for (int i = at; i < end; i++) {
      if (out[i] == ESCAPE_MARK) {
        if (++seen > escapes) {
          break;
        }
        out[i] = base + gcd * Bits.get(bytes, bit, width);
        bit += width;
      }
    }
    if (seen != escapes) {
      throw ByteReader.corrupt("a stream has another number of escapes than stated");
    }
  }

  private char[] table() {
    char[] built = table;
    if (built == null) {
      built = Huffman.decodeTable(lengths);
      table = built;
    }
    return built;
  }
}
