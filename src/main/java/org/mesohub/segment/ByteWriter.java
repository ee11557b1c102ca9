package org.mesohub.segment;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array with the number and text forms of the chunk format. */
final class ByteWriter {
  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  int size() {
    return size;
  }

  /** Forgets what was written after a size. */
  void truncate(int to) {
    size = to;
  }

  void clear() {
    size = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** The array behind; the first {@link #size()} bytes count. */
  byte[] array() {
    return bytes;
  }

  /** Makes room for some bytes that the caller writes into {@link #array()} itself. */
  void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }

  /** Counts bytes written into {@link #array()} by the caller. */
  void advance(int written) {
    size += written;
  }

  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void raw(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  void raw(byte[] source) {
    raw(source, 0, source.length);
  }

  /** Unsigned, seven bits a byte, low bits first. */
  void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Signed: zig-zag, then varint. */
  void signed(long value) {
    varint(value << 1 ^ value >> 63);
  }

  /** Four bytes, low first. */
  void int32(int value) {
    reserve(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Length in UTF-8 bytes, then the bytes. */
  void text(String value, int bytesMax) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > bytesMax) {
      throw new IllegalArgumentException(
          "a text of " + utf8.length + " bytes is too long; shorten it to " + bytesMax);
    }
    varint(utf8.length);
    raw(utf8);
  }

  /** Another writer's bytes as a section: compressed where that is shorter. */
  void section(ByteWriter content) {
    Frames.writeSection(this, content);
  }
}
