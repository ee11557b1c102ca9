package org.mesohub.segment;

import java.util.Arrays;

/** Chooses the {@link SymbolTable} of a stream by size and encodes with it. */
final class TableBuilder {
  /** What a table costs besides its symbols, in bits. */
  private static final int TABLE_COST_BITS = 64;

  /** Numbers less than this above the base find their code by an array, others by search. */
  private static final int DIRECT_CODES_MAX = 1 << 17;

  /** Bits of an entry of {@link #codes} that hold the code's length. */
  private static final int LENGTH_BITS = 4;

  private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  private final SymbolTable table;
  private final long[] quotients;

  /** Per symbol: code, then its length. */
  private final int[] codes;

  /**
   * The same by number less the base or, when {@link #byQuotient}, by quotient; the escape's where
   * there is no symbol. May be empty.
   */
  private final int[] codeOf;

  private final boolean byQuotient;

  private TableBuilder(SymbolTable table, long[] quotients) {
    this.table = table;
    this.quotients = quotients;
    this.codes = table.lengths.length == 0 ? new int[0] : Huffman.codes(table.lengths);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = codes[i] << LENGTH_BITS | table.lengths[i];
    }
    double offsets = Math.scalb((double) table.gcd, table.width);
    this.byQuotient = offsets >= DIRECT_CODES_MAX;
    this.codeOf = directCodes(byQuotient ? Math.scalb(1.0, table.width) : offsets);
  }

  private int[] directCodes(double size) {
    if (codes.length == 0 || size >= DIRECT_CODES_MAX) {
      return new int[0];
    }
    var direct = new int[(int) size];
    Arrays.fill(direct, codes[codes.length - 1]);
    for (int i = 0; i < quotients.length; i++) {
      direct[(int) (byQuotient ? quotients[i] : quotients[i] * table.gcd)] = codes[i];
    }
    return direct;
  }

  static TableBuilder build(long[] numbers, int n) {
    if (n == 0) {
      return new TableBuilder(SymbolTable.constant(SymbolTable.EMPTY, 0), new long[0]);
    }
    var histogram = Histogram.of(numbers, n);
    if (histogram.quotients.length == 1) {
      return new TableBuilder(
          SymbolTable.constant(SymbolTable.CONSTANT, histogram.min), new long[0]);
    }
    return choose(histogram);
  }

  private static TableBuilder choose(Histogram all) {
    int width = Bits.width(all.quotientMax);
    long packedBits = (long) all.total * width + TABLE_COST_BITS;
    var frequent = new Frequent(all, width);
    int symbols = frequent.symbols();
    if (frequent.count > 0 && symbols >= 2) {
      byte[] lengths = Huffman.lengths(frequent.withEscape());
      long bits = frequent.bits(lengths, width);
      if (bits < packedBits) {
        int kind = frequent.escapes > 0 ? SymbolTable.ESCAPED : SymbolTable.CODED;
        return new TableBuilder(
            new SymbolTable(kind, all.min, all.gcd, width, frequent.quotients, lengths),
            frequent.quotients);
      }
    }
    return new TableBuilder(
        new SymbolTable(SymbolTable.PACKED, all.min, all.gcd, width, new long[0], new byte[0]),
        new long[0]);
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
    lanes.lengths.raw(table.lengths);
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
    int n = to - from;
    var escapes = new ByteWriter(64);
    var escapeBits = new Bits.Writer(escapes);
    var body = new ByteWriter(n * 2 + 64);
    var sizes = new ByteWriter(8);
    int parts = n >= SymbolTable.FOUR_PARTS_MIN ? 4 : 1;
    int escaped = 0;
    for (int part = 0; part < parts; part++) {
      int last = part == parts - 1 ? to : from + (part + 1) * (n >>> 2);
      int before = body.size();
      escaped += encodePart(numbers, from + part * (n >>> 2), last, body, escapeBits);
      sizes.varint(body.size() - before);
    }
    escapeBits.flush();
    if (table.kind == SymbolTable.ESCAPED) {
      out.varint(escaped);
    }
    out.raw(sizes.array(), 0, sizes.size());
    out.raw(body.array(), 0, body.size());
    out.raw(escapes.array(), 0, escapes.size());
  }

  private int encodePart(long[] numbers, int from, int to, ByteWriter body, Bits.Writer escapes) {
    body.reserve((to - from) * 2 + Long.BYTES);
    byte[] bytes = body.array();
    int escape = table.kind == SymbolTable.ESCAPED ? codes[quotients.length] : -1;
    boolean direct = codeOf.length > 0 && !byQuotient;
    long base = table.base;
    long pending = 0;
    int bits = 0;
    int at = body.size();
    int escaped = 0;
    for (int i = from; i < to; i++) {
      int code = direct ? codeOf[(int) (numbers[i] - base)] : code(numbers[i]);
      pending |= (long) (code >>> LENGTH_BITS) << bits;
      bits += code & LENGTH_MASK;
      if (bits >= Integer.SIZE) {
        Bits.storeInt(bytes, at, (int) pending);
        at += Integer.BYTES;
        pending >>>= Integer.SIZE;
        bits -= Integer.SIZE;
      }
      if (code == escape) {
        escapes.put(quotient(numbers[i]), table.width);
        escaped++;
      }
    }
    for (; bits > 0; bits -= Byte.SIZE) {
      bytes[at++] = (byte) pending;
      pending >>>= Byte.SIZE;
    }
    body.advance(at - body.size());
    return escaped;
  }

  private int code(long number) {
    if (codeOf.length > 0) {
      return codeOf[(int) quotient(number)];
    }
    int at = Arrays.binarySearch(quotients, quotient(number));
    return codes[at >= 0 ? at : quotients.length];
  }

  private long quotient(long number) {
    long offset = number - table.base;
    if (table.gcd == 1) {
      return offset;
    }
    return offset >>> 31 == 0 && table.gcd >>> 31 == 0
        ? (int) offset / (int) table.gcd
        : offset / table.gcd;
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

  /** The quotients worth a symbol of their own. */
  private static final class Frequent {
    final long[] quotients;
    final int[] counts;
    final int count;
    final int escapes;

    Frequent(Histogram all, int width) {
      int least = leastCount(all, width);
      var keptQuotients = new long[all.quotients.length];
      var keptCounts = new int[all.quotients.length];
      int kept = 0;
      int rest = all.total;
      for (int i = 0; i < all.quotients.length; i++) {
        if (all.counts[i] >= least) {
          keptQuotients[kept] = all.quotients[i];
          keptCounts[kept++] = all.counts[i];
          rest -= all.counts[i];
        }
      }
      quotients = Arrays.copyOf(keptQuotients, kept);
      counts = Arrays.copyOf(keptCounts, kept);
      count = kept;
      escapes = rest;
    }

    /**
     * Smallest count that saves more bits than the symbol costs, and that leaves room for all
     * symbols.
     */
    private static int leastCount(Histogram all, int width) {
      int least = 1;
      while (true) {
        int saved = width + 3 - Bits.width(all.total / least);
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
      return kept < (1 << Huffman.LENGTH_MAX) - 1;
    }

    int symbols() {
      return count + (escapes > 0 ? 1 : 0);
    }

    int[] withEscape() {
      if (escapes == 0) {
        return counts;
      }
      int[] all = Arrays.copyOf(counts, count + 1);
      all[count] = escapes;
      return all;
    }

    long bits(byte[] lengths, int width) {
      long bits = TABLE_COST_BITS + (long) count * Histogram.SYMBOL_COST_BITS;
      for (int i = 0; i < count; i++) {
        bits += (long) counts[i] * lengths[i];
      }
      return escapes == 0 ? bits : bits + (long) escapes * (lengths[count] + width);
    }
  }
}
