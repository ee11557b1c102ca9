package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A byte array that grows; what writers append to. Not thread-safe. */
public final class ByteBuilder {
  private byte[] bytes;
  private int size;

  public ByteBuilder(int capacity) {
    bytes = new byte[Math.max(64, capacity)];
  }

  /** The bytes; only the first {@link #size()} count, and only until the next append. */
  public byte[] array() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Empties the builder, keeping its memory. */
  public void clear() {
    size = 0;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** The bytes as UTF-8 text. */
  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  public void append(byte[] from) {
    append(from, 0, from.length);
  }

  public void append(byte[] from, int off, int len) {
    byte[] to = reserve(len);
    System.arraycopy(from, off, to, size, len);
    size += len;
  }

  public void append(char ascii) {
    reserve(1)[size] = (byte) ascii;
    size++;
  }

  /** Room for {@code len} bytes from {@link #size()} on; {@link #advance} makes them count. */
  byte[] reserve(int len) {
    if (bytes.length - size < len) {
      bytes = Arrays.copyOf(bytes, Math.max(size + len, bytes.length * 2));
    }
    return bytes;
  }

  /** Sets the end of what counts, after writing into {@link #reserve}d room. */
  void advance(int newSize) {
    size = newSize;
  }
}
