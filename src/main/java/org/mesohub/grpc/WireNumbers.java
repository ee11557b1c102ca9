package org.mesohub.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;

/**
 * The numbers of one repeated field in the order they came, in an array instead of protobuf's
 * lists. A packed field is read from the bytes where they arrived; protobuf allows it to come in
 * parts, and numbers one by one as well.
 */
final class WireNumbers {
  private static final long[] NONE = {};
  private static final int LAST_SHIFT = 63;

  private long[] values = NONE;
  private int size;

  int size() {
    return size;
  }

  /** The numbers; may be longer than {@link #size()}. */
  long[] values() {
    return values;
  }

  int intAt(int index) {
    return (int) values[index];
  }

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.max(8, size + (size >> 1)));
    }
    values[size++] = value;
  }

  /**
   * Appends packed varints.
   *
   * @param expected how many are likely; right for all batches that this product writes
   */
  void varints(Inbound.Bytes field, int expected) throws InvalidProtocolBufferException {
    byte[] bytes = field.array();
    int at = field.from();
    int to = at + field.length();
    if (at == to) {
      return;
    }
    if (bytes[to - 1] < 0) {
      throw truncated();
    }
    room(Math.min(field.length(), Math.max(expected, 1)));
    long[] into = values;
    int next = size;
    while (at < to) {
      if (next == into.length) {
        size = next;
        room(to - at);
        into = values;
      }
      int one = bytes[at++];
      if (one >= 0) {
        into[next++] = one;
        continue;
      }
      int two = bytes[at++];
      int low = one & 0x7f | (two & 0x7f) << 7;
      if (two >= 0) {
        into[next++] = low;
        continue;
      }
      long number = low;
      int shift = 14;
      byte more;
      do {
        if (shift > LAST_SHIFT) {
          throw new InvalidProtocolBufferException("a number of more than 10 bytes");
        }
        more = bytes[at++];
        number |= (more & 0x7fL) << shift;
        shift += 7;
      } while (more < 0);
      into[next++] = number;
    }
    size = next;
  }

  /** Appends packed varints of numbers with their sign in the lowest bit. */
  void zigzags(Inbound.Bytes field, int expected) throws InvalidProtocolBufferException {
    int first = size;
    varints(field, expected);
    long[] into = values;
    for (int i = first; i < size; i++) {
      into[i] = zigzag(into[i]);
    }
  }

  /** The number whose sign is in the lowest bit. */
  static long zigzag(long number) {
    return number >>> 1 ^ -(number & 1);
  }

  /** Appends packed numbers of four bytes each, the lowest first, as ints. */
  void fixed32s(Inbound.Bytes field) throws InvalidProtocolBufferException {
    if (field.length() % Integer.BYTES != 0) {
      throw truncated();
    }
    room(field.length() / Integer.BYTES);
    byte[] bytes = field.array();
    int to = field.from() + field.length();
    for (int at = field.from(); at < to; at += Integer.BYTES) {
      values[size++] =
          bytes[at] & 0xff
              | (bytes[at + 1] & 0xff) << 8
              | (bytes[at + 2] & 0xff) << 16
              | bytes[at + 3] << 24;
    }
  }

  /** Room for as many more, and no more than that for the first: most fields come in one part. */
  private void room(int more) {
    if (values.length - size < more) {
      values = Arrays.copyOf(values, Math.max(size + more, size + (size >> 1)));
    }
  }

  private static InvalidProtocolBufferException truncated() {
    return new InvalidProtocolBufferException("a packed field ends amid a number");
  }
}
