package org.mesohub.segment;

import java.util.Arrays;

/** Chooses the {@link SymbolTable} of a stream by size and encodes with it. */
final class TableBuilder {
  /** What a table costs besides its symbols, in bits. */
  private static final int TABLE_COST_BITS = 64;

  /** Quotients of fewer bits find their code by an array, others by search. */
  private static final int DIRECT_WIDTH_MAX = 20;

  /** Bits of an entry of {@link #codes} that hold the code's length. */
  private static final int LENGTH_BITS = 4;

  private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  /** Codes gathered between two stores: four of 11 bits and the 7 left over fit a long. */
  private static final int CODES_PER_STORE = 4;

  private static final int[] NO_CODES = {};

  private final SymbolTable table;
  private final ExactDivision division;
  private final long[] quotients;

  /** Per symbol: code, then its length. */
  private final int[] codes;

  /** The code that stands where a patch goes. */
  private final int patchCode;

  /** The same by quotient, 0 where there is no symbol. May be empty; lent until {@link #close}. */
  private int[] codeOf;

  private final EncodeScratch scratch;

  /** Places of patches of the block that is being written. */
  private int[] patchPlace = new int[64];

  private long[] patchNumber = new long[64];
  private int patches;

  private TableBuilder(SymbolTable table, long[] quotients, EncodeScratch scratch) {
    this.table = table;
    this.scratch = scratch;
    this.division = new ExactDivision(table.gcd);
    this.quotients = quotients;
    this.codes = quotients.length < 2 ? new int[0] : codes(table);
    this.patchCode = shortest(codes);
    boolean direct = codes.length > 0 && table.width < DIRECT_WIDTH_MAX;
    this.codeOf = direct ? scratch.zeros(1 << table.width) : NO_CODES;
    for (int i = 0; i < quotients.length && codeOf.length > 0; i++) {
      codeOf[(int) quotients[i]] = codes[i];
    }
  }

  /** Ends the encoding. */
  void close() {
    if (codeOf.length > 0) {
      for (int i = 0; i < quotients.length; i++) {
        codeOf[(int) quotients[i]] = 0;
      }
      scratch.giveZeros(codeOf);
      codeOf = NO_CODES;
    }
  }

  private static int[] codes(SymbolTable table) {
    int[] codes = Huffman.codes(table.lengths);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = codes[i] << LENGTH_BITS | table.lengths[i];
    }
    return codes;
  }

  private static int shortest(int[] codes) {
    int shortest = codes.length == 0 ? 0 : codes[0];
    for (int code : codes) {
      shortest = (code & LENGTH_MASK) < (shortest & LENGTH_MASK) ? code : shortest;
    }
    return shortest;
  }

  /** A table for the numbers {@code [from, to)}. */
  static TableBuilder build(long[] numbers, int from, int to, EncodeScratch scratch) {
    if (from == to) {
      return new TableBuilder(SymbolTable.constant(SymbolTable.EMPTY, 0), new long[0], scratch);
    }
    var histogram = Histogram.of(numbers, from, to, scratch);
    if (histogram.quotients.length == 1) {
      return new TableBuilder(
          SymbolTable.constant(SymbolTable.CONSTANT, histogram.min), new long[0], scratch);
    }
    return choose(histogram, scratch);
  }

  private static TableBuilder choose(Histogram all, EncodeScratch scratch) {
    int width = Bits.width(all.quotientMax);
    long packedBits = (long) all.total * width + TABLE_COST_BITS;
    var frequent = new FrequentSymbols(all, width);
    if (frequent.count > 0 && (frequent.count > 1 || frequent.patches > 0)) {
      byte[] lengths = frequent.lengths();
      long bits = TABLE_COST_BITS + frequent.bits(lengths, width);
      if (bits < packedBits) {
        int kind = frequent.patches > 0 ? SymbolTable.PATCHED : SymbolTable.CODED;
        return new TableBuilder(
            new SymbolTable(kind, all.min, all.gcd, width, frequent.quotients, lengths),
            frequent.quotients,
            scratch);
      }
    }
    return new TableBuilder(
        new SymbolTable(SymbolTable.PACKED, all.min, all.gcd, width, new long[0], new byte[0]),
        new long[0],
        scratch);
  }

  boolean isSilent() {
    return table.isSilent();
  }

  void write(HeaderLanes lanes) {
    lanes.meta.varint(table.kind);
    if (table.kind == SymbolTable.EMPTY) {
      return;
    }
    lanes.meta.signed(table.base);
    if (table.kind == SymbolTable.CONSTANT) {
      return;
    }
    lanes.meta.varint(table.gcd);
    lanes.meta.varint(table.width);
    if (table.kind == SymbolTable.PACKED) {
      return;
    }
    lanes.meta.varint(quotients.length);
    long before = -1;
    for (long quotient : quotients) {
      lanes.dictionary.varint(quotient - before - 1);
      before = quotient;
    }
    if (quotients.length > 1) {
      lanes.lengths.raw(table.lengths);
    }
  }

  /** Appends some numbers as the table says. */
  void encode(long[] numbers, int from, int to, ByteWriter out) {
    if (table.kind == SymbolTable.PACKED) {
      var bits = new Bits.Writer(out);
      for (int i = from; i < to; i++) {
        bits.put(quotient(numbers[i]), table.width);
      }
      bits.flush();
      return;
    }
    patches = 0;
    if (quotients.length == 1) {
      long symbol = table.base + table.gcd * quotients[0];
      for (int i = from; i < to; i++) {
        if (numbers[i] != symbol) {
          patch(i - from, numbers[i]);
        }
      }
      out.varint(patches);
    } else {
      encodeParts(numbers, from, to, out);
    }
    if (patches > 0) {
      var bits = new Bits.Writer(out);
      for (int i = 0; i < patches; i++) {
        bits.put(patchPlace[i], Bits.width(to - from - 1));
      }
      bits.flush();
      for (int i = 0; i < patches; i++) {
        bits.put(quotient(patchNumber[i]), table.width);
      }
      bits.flush();
    }
  }

  private void encodeParts(long[] numbers, int from, int to, ByteWriter out) {
    int n = to - from;
    int parts = n >= SymbolTable.FOUR_PARTS_MIN ? 4 : 1;
    var body = new ByteWriter(n * Huffman.LENGTH_MAX / 8 + (parts + 1) * 16);
    var sizes = new int[parts];
    for (int part = 0; part < parts; part++) {
      int last = part == parts - 1 ? to : from + (part + 1) * (n >>> 2);
      int before = body.size();
      encodePart(numbers, from, from + part * (n >>> 2), last, body);
      sizes[part] = body.size() - before;
    }
    if (table.kind == SymbolTable.PATCHED) {
      out.varint(patches);
    }
    for (int size : sizes) {
      out.u8(size);
      out.u8(size >>> 8);
    }
    out.raw(body.array(), 0, body.size());
  }

  private void encodePart(long[] numbers, int start, int from, int to, ByteWriter body) {
    body.reserve((to - from) * Huffman.LENGTH_MAX / 8 + 2 * Long.BYTES);
    byte[] bytes = body.array();
    long base = table.base;
    long pending = 0;
    int bits = 0;
    int at = body.size();
    int i = from;
    if (codeOf.length > 0) {
      int[] codeOf = this.codeOf;
      ExactDivision division = this.division;
      for (; i + CODES_PER_STORE <= to; i += CODES_PER_STORE) {
        int c0 = codeOf[(int) division.of(numbers[i] - base)];
        int c1 = codeOf[(int) division.of(numbers[i + 1] - base)];
        int c2 = codeOf[(int) division.of(numbers[i + 2] - base)];
        int c3 = codeOf[(int) division.of(numbers[i + 3] - base)];
        if ((c0 - 1 | c1 - 1 | c2 - 1 | c3 - 1) < 0) {
          c0 = c0 != 0 ? c0 : patch(i - start, numbers[i]);
          c1 = c1 != 0 ? c1 : patch(i + 1 - start, numbers[i + 1]);
          c2 = c2 != 0 ? c2 : patch(i + 2 - start, numbers[i + 2]);
          c3 = c3 != 0 ? c3 : patch(i + 3 - start, numbers[i + 3]);
        }
        pending |= (long) (c0 >>> LENGTH_BITS) << bits;
        bits += c0 & LENGTH_MASK;
        pending |= (long) (c1 >>> LENGTH_BITS) << bits;
        bits += c1 & LENGTH_MASK;
        pending |= (long) (c2 >>> LENGTH_BITS) << bits;
        bits += c2 & LENGTH_MASK;
        pending |= (long) (c3 >>> LENGTH_BITS) << bits;
        bits += c3 & LENGTH_MASK;
        Bits.store(bytes, at, pending);
        at += bits >>> 3;
        pending >>>= bits & ~7;
        bits &= 7;
      }
    }
    for (; i < to; i++) {
      int found = code(numbers[i]);
      int code = found != 0 ? found : patch(i - start, numbers[i]);
      pending |= (long) (code >>> LENGTH_BITS) << bits;
      bits += code & LENGTH_MASK;
      Bits.store(bytes, at, pending);
      at += bits >>> 3;
      pending >>>= bits & ~7;
      bits &= 7;
    }
    if (bits > 0) {
      bytes[at++] = (byte) pending;
    }
    body.advance(at - body.size());
  }

  /** Notes a number without symbol and gives the code to be written in its place. */
  private int patch(int place, long number) {
    if (patches == patchPlace.length) {
      patchPlace = Arrays.copyOf(patchPlace, patches * 2);
      patchNumber = Arrays.copyOf(patchNumber, patches * 2);
    }
    patchPlace[patches] = place;
    patchNumber[patches++] = number;
    return patchCode;
  }

  private int code(long number) {
    long quotient = quotient(number);
    if (codeOf.length > 0) {
      return codeOf[(int) quotient];
    }
    int at = Arrays.binarySearch(quotients, quotient);
    return at >= 0 ? codes[at] : 0;
  }

  private long quotient(long number) {
    return division.of(number - table.base);
  }

  /** The quotients as byte planes, low bytes of all first. */
  byte[] planes(long[] numbers, int from, int to) {
    int n = to - from;
    int planes = (table.width + 7) / 8;
    var raw = new byte[n * planes];
    for (int i = 0; i < n; i++) {
      long quotient = quotient(numbers[from + i]);
      for (int plane = 0; plane < planes; plane++) {
        raw[plane * n + i] = (byte) (quotient >>> plane * 8);
      }
    }
    return raw;
  }
}
