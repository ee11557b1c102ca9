package org.mesohub.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bit strings, low bits first. */
final class Bits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Widest field that one load delivers at any bit offset. */
  static final int ONE_LOAD_MAX = 57;

  private Bits() {}

  /** At least {@link #ONE_LOAD_MAX} bits from a bit position; needs 8 readable bytes there. */
  static long load(byte[] bytes, long bit) {
    return (long) LONG.get(bytes, (int) (bit >>> 3)) >>> (bit & 7);
  }

  /** Stores 64 bits. */
  static void store(byte[] bytes, int at, long value) {
    LONG.set(bytes, at, value);
  }

  /** A field of 0 to 63 bits. */
  static long get(byte[] bytes, long bit, int width) {
    if (width <= ONE_LOAD_MAX) {
      return load(bytes, bit) & (1L << width) - 1;
    }
    return load(bytes, bit) & 0xffff_ffffL | (load(bytes, bit + 32) & (1L << width - 32) - 1) << 32;
  }

  /** Number of bits that a non-negative number needs. */
  static int width(long value) {
    return 64 - Long.numberOfLeadingZeros(value);
  }

  /** Appends bit fields to a writer; {@link #flush()} fills the last byte with zeros. */
  static final class Writer {
    private final ByteWriter to;
    private long pending;
    private int count;

    Writer(ByteWriter to) {
      this.to = to;
    }

    void put(long value, int width) {
      if (width > 32) {
        put32(value & 0xffff_ffffL, 32);
        put32(value >>> 32, width - 32);
      } else {
        put32(value, width);
      }
    }

    private void put32(long value, int width) {
      pending |= value << count;
      count += width;
      if (count >= 32) {
        to.int32((int) pending);
        pending >>>= 32;
        count -= 32;
      }
    }

    void flush() {
      while (count > 0) {
        to.u8((int) pending);
        pending >>>= 8;
        count -= 8;
      }
      pending = 0;
      count = 0;
    }
  }
}
