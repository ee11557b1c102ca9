package org.mesohub.grpc;

import java.util.Arrays;

/**
 * Writes protobuf wire format from the end towards the beginning: the length of a nested message is
 * known when its header is written, so one pass over the cells suffices and nothing is boxed.
 * Whoever writes fields does so in descending order. Not thread-safe.
 */
final class ReverseWriter {
  /** Longest varint, in bytes. */
  private static final int VARINT_BYTES_MAX = 10;

  private static final int WIRE_VARINT = 0;
  private static final int WIRE_BYTES = 2;

  private byte[] bytes;
  private int start;

  ReverseWriter(int capacity) {
    bytes = new byte[Math.max(64, capacity)];
    start = bytes.length;
  }

  /** Bytes written so far. */
  int size() {
    return bytes.length - start;
  }

  byte[] toBytes() {
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }

  /**
   * Writes the header of a length-delimited field whose content is all that was written since
   * {@code size()} gave {@code mark}.
   */
  void close(int field, int mark) {
    varint(size() - mark);
    varint(field << 3 | WIRE_BYTES);
  }

  /** A varint field; left out when 0, as proto3 does. */
  void integer(int field, long value) {
    if (value != 0) {
      varint(value);
      varint(field << 3 | WIRE_VARINT);
    }
  }

  /** A string or bytes field, written even when empty. */
  void bytes(int field, byte[] content, int length) {
    int at = reserve(length) - length;
    System.arraycopy(content, 0, bytes, at, length);
    start = at;
    varint(length);
    varint(field << 3 | WIRE_BYTES);
  }

  void bytes(int field, byte[] content) {
    bytes(field, content, content.length);
  }

  void varint(long value) {
    int at = reserve(VARINT_BYTES_MAX); // first: it may exchange the array
    start = varint(bytes, at, value);
  }

  /** A packed field of the zigzag forms of the values whose state is not negative. */
  void packedSigned(int field, long[] values, byte[] states, int count) {
    int mark = size();
    int at = reserve(count * VARINT_BYTES_MAX);
    byte[] to = bytes;
    for (int i = count - 1; i >= 0; i--) {
      if (states[i] >= 0) {
        at = varint(to, at, values[i] << 1 ^ values[i] >> 63);
      }
    }
    start = at;
    close(field, mark);
  }

  /** A packed field of the zigzag forms of the differences of neighbours; the first one's to 0. */
  void packedDeltas(int field, long[] values, int count) {
    int mark = size();
    int at = reserve(count * VARINT_BYTES_MAX);
    byte[] to = bytes;
    for (int i = count - 1; i >= 0; i--) {
      long delta = values[i] - (i == 0 ? 0 : values[i - 1]);
      at = varint(to, at, delta << 1 ^ delta >> 63);
    }
    start = at;
    close(field, mark);
  }

  /**
   * A packed field of {@code through[values[i]]} for the rows whose state is not negative; all rows
   * when {@code states} is empty.
   */
  void packedMapped(int field, int[] values, int[] through, byte[] states, int count) {
    int mark = size();
    int at = reserve(count * VARINT_BYTES_MAX);
    byte[] to = bytes;
    boolean all = states.length == 0;
    for (int i = count - 1; i >= 0; i--) {
      if (all || states[i] >= 0) {
        at = varint(to, at, through[values[i]]);
      }
    }
    start = at;
    close(field, mark);
  }

  /** A packed field of numbers that are not negative. */
  void packed(int field, long[] values, int count) {
    int mark = size();
    int at = reserve(count * VARINT_BYTES_MAX);
    for (int i = count - 1; i >= 0; i--) {
      at = varint(bytes, at, values[i]);
    }
    start = at;
    close(field, mark);
  }

  /** A packed field of the floats whose state is not negative. */
  void packedFloats(int field, float[] values, byte[] states, int count) {
    int mark = size();
    int at = reserve(count * Float.BYTES);
    byte[] to = bytes;
    for (int i = count - 1; i >= 0; i--) {
      if (states[i] >= 0) {
        int bits = Float.floatToRawIntBits(values[i]);
        at -= Float.BYTES;
        to[at] = (byte) bits;
        to[at + 1] = (byte) (bits >>> 8);
        to[at + 2] = (byte) (bits >>> 16);
        to[at + 3] = (byte) (bits >>> 24);
      }
    }
    start = at;
    close(field, mark);
  }

  /** Writes before {@code at}, where there is room, and gives where the varint starts. */
  private static int varint(byte[] to, int at, long value) {
    if ((value & ~0x7FL) == 0) {
      to[at - 1] = (byte) value;
      return at - 1;
    }
    if ((value & ~0x3FFFL) == 0) { // most cells of real data take two bytes
      to[at - 1] = (byte) (value >>> 7);
      to[at - 2] = (byte) (value | 0x80);
      return at - 2;
    }
    int length = (70 - Long.numberOfLeadingZeros(value)) / 7;
    int begin = at - length;
    long rest = value;
    for (int i = begin; i < at - 1; i++) {
      to[i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[at - 1] = (byte) rest;
    return begin;
  }

  /** Makes room for {@code count} bytes before {@link #start}, which it gives. */
  private int reserve(int count) {
    if (start < count) {
      int used = size();
      byte[] wider = new byte[Math.max(used + count, bytes.length * 2)];
      System.arraycopy(bytes, start, wider, wider.length - used, used);
      bytes = wider;
      start = wider.length - used;
    }
    return start;
  }
}
