package org.mesohub.segment;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link ByteWriter} wrote. Trusts nothing: whatever does not fit is a {@link
 * CorruptChunkException}.
 */
final class ByteReader {
  private final byte[] bytes;
  private int position;
  private final int end;

  ByteReader(byte[] bytes, int from, int end) {
    if (from < 0 || from > end || end > bytes.length) {
      throw corrupt("a part lies outside its bytes");
    }
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  static CorruptChunkException corrupt(String what) {
    return new CorruptChunkException(
        "the stored bytes are damaged: " + what + "; fetch the chunk from another replica");
  }

  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  void expectEnd() {
    if (position != end) {
      throw corrupt("a part is longer than its content");
    }
  }

  int u8() {
    if (position >= end) {
      throw corrupt("a part ends too early");
    }
    return bytes[position++] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw corrupt("a number is longer than ten bytes");
  }

  long signed() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** A varint that must lie in a closed range. */
  int varint(int min, int max, String what) {
    long value = varint();
    if (value < min || value > max) {
      throw corrupt(what + " is out of range");
    }
    return (int) value;
  }

  /** Two bytes, low first. */
  int u16() {
    return u8() | u8() << 8;
  }

  int int32() {
    return u8() | u8() << 8 | u8() << 16 | u8() << 24;
  }

  /** Moves on over some bytes and gives where they start. */
  int skip(int length) {
    if (length < 0 || length > end - position) {
      throw corrupt("a length points past the end");
    }
    int from = position;
    position += length;
    return from;
  }

  byte[] raw(int length) {
    int from = skip(length);
    return java.util.Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Copies the next bytes into a buffer. */
  void copy(byte[] target, int to, int length) {
    System.arraycopy(bytes, skip(length), target, to, length);
  }

  String text(int bytesMax) {
    int length = varint(0, bytesMax, "the length of a text");
    int from = skip(length);
    return utf8(bytes, from, length);
  }

  static String utf8(byte[] bytes, int from, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CorruptChunkException(
          "the stored bytes are damaged: a text is not UTF-8; fetch the chunk from another replica",
          e);
    }
  }

  /** A section written by {@link ByteWriter#section}, unpacked. */
  ByteReader section(int unpackedMax) {
    return Frames.readSection(this, bytes, unpackedMax);
  }
}
