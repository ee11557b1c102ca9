package org.mesohub.grpc;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts the bytes of a request into its messages, each with its prefix of a flag and a length, and
 * keeps what has begun until it is whole. One thread at a time.
 */
final class FrameCutter {
  /** Flag and length before each message, bytes. */
  private static final int PREFIX_BYTES = 5;

  /**
   * Room for a message that has begun: this many times what is there of it, and no more than it
   * will need. So a message is copied once or twice, and a length that is claimed costs little.
   */
  private static final int ROOM_FACTOR = 4;

  private static final int ROOM_BYTES_MIN = 64;
  private static final byte[] NONE = {};
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final long messageBytesMax;

  /** The message that has begun; empty when none has. */
  private byte[] begun = NONE;

  private int have;
  private boolean over;

  /**
   * @param messageBytesMax of a longer message only the prefix is handed over, and nothing after it
   */
  FrameCutter(long messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /** Bytes of the message that has begun and is not whole. */
  int held() {
    return have;
  }

  /** Memory taken for it, bytes. */
  int room() {
    return begun.length;
  }

  /** Forgets what has begun and hands over nothing more. */
  void close() {
    over = true;
    forget();
  }

  /** Takes the next bytes, cut anywhere; hands over what is whole. */
  void feed(Buffer bytes, Consumer<Buffer> whole) {
    int at = 0;
    while (at < bytes.length() && !over) {
      at = have == 0 ? fresh(bytes, at, whole) : more(bytes, at, whole);
    }
  }

  /** A message that begins here; most are whole, and are not copied. */
  private int fresh(Buffer bytes, int at, Consumer<Buffer> whole) {
    int end = bytes.length();
    if (end - at >= PREFIX_BYTES) {
      long length = length(bytes, at);
      if (length > messageBytesMax) {
        over = true;
        whole.accept(bytes.slice(at, at + PREFIX_BYTES));
        return end;
      }
      int after = at + PREFIX_BYTES + (int) length;
      if (after <= end) {
        whole.accept(at == 0 && after == end ? bytes : bytes.slice(at, after));
        return after;
      }
    }
    return hold(bytes, at, end);
  }

  private int more(Buffer bytes, int at, Consumer<Buffer> whole) {
    int after = hold(bytes, at, (int) Math.min(bytes.length(), at + wanted() - have));
    if (have == PREFIX_BYTES && length(begun) > messageBytesMax) {
      over = true;
      whole.accept(taken());
    } else if (have >= PREFIX_BYTES && have == wanted()) {
      whole.accept(taken());
    }
    return after;
  }

  /** Bytes of the message that has begun, as far as they are known. */
  private long wanted() {
    return have < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + length(begun);
  }

  /** Copies some bytes behind those held; gives their end. */
  private int hold(Buffer bytes, int from, int to) {
    int needed = have + to - from;
    if (needed > begun.length) {
      long room = Math.max(ROOM_BYTES_MIN, (long) needed * ROOM_FACTOR);
      begun = Arrays.copyOf(begun, (int) Math.max(needed, Math.min(room, wanted(bytes, from))));
    }
    bytes.getBytes(from, to, begun, have);
    have = needed;
    return to;
  }

  /** Bytes of the message that has begun, or begins at {@code from}; a guess below a prefix. */
  private long wanted(Buffer bytes, int from) {
    if (have > 0) {
      return have < PREFIX_BYTES ? ROOM_BYTES_MIN : wanted();
    }
    return bytes.length() - from < PREFIX_BYTES
        ? ROOM_BYTES_MIN
        : PREFIX_BYTES + length(bytes, from);
  }

  /** What has begun, which is no longer held. */
  private Buffer taken() {
    Buffer message = BufferInternal.buffer(Unpooled.wrappedBuffer(begun, 0, have));
    forget();
    return message;
  }

  private void forget() {
    begun = NONE;
    have = 0;
  }

  private static long length(byte[] message) {
    return Integer.toUnsignedLong((int) INT.get(message, 1));
  }

  private static long length(Buffer bytes, int at) {
    return bytes.getUnsignedInt(at + 1);
  }
}
