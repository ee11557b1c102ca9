package org.mesohub.grpc;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a request into its messages, each with its prefix of a flag and a length, and
 * keeps what has begun until it is whole. One thread at a time.
 */
final class FrameCutter {
  /** Flag and length before each message, bytes. */
  private static final int PREFIX_BYTES = 5;

  private final long messageBytesMax;
  private @Nullable Buffer begun;
  private boolean over;

  /**
   * @param messageBytesMax of a longer message only the prefix is handed over, and nothing after it
   */
  FrameCutter(long messageBytesMax) {
    this.messageBytesMax = messageBytesMax;
  }

  /** Bytes of the message that has begun and is not whole. */
  int held() {
    Buffer part = begun;
    return part == null ? 0 : part.length();
  }

  /** Forgets what has begun and hands over nothing more. */
  void close() {
    over = true;
    begun = null;
  }

  /** Takes the next bytes, cut anywhere; hands over what is whole. */
  void feed(Buffer bytes, Consumer<Buffer> whole) {
    int at = 0;
    while (at < bytes.length() && !over) {
      at = begun == null ? fresh(bytes, at, whole) : more(begun, bytes, at, whole);
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
    begun = bytes.getBuffer(at, end);
    return end;
  }

  private int more(Buffer part, Buffer bytes, int at, Consumer<Buffer> whole) {
    int have = part.length();
    long wanted = have < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + length(part, 0);
    int taken = (int) Math.min(wanted - have, bytes.length() - at);
    part.appendBuffer(bytes, at, taken);
    if (part.length() == PREFIX_BYTES && length(part, 0) > messageBytesMax) {
      over = true;
      begun = null;
      whole.accept(part);
    } else if (part.length() >= PREFIX_BYTES && part.length() == PREFIX_BYTES + length(part, 0)) {
      begun = null;
      whole.accept(part);
    }
    return at + taken;
  }

  private static long length(Buffer bytes, int at) {
    return bytes.getUnsignedInt(at + 1);
  }
}
