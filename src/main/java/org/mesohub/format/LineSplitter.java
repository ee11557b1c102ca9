package org.mesohub.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts fed bytes into lines at LF. A line is handed on in place when it lies within one piece;
 * memory is bounded by {@link #LINE_BYTES_MAX} whatever comes.
 */
final class LineSplitter {
  /** Longest line read, without its LF; a longer one is a single reject and its rest is skipped. */
  static final int LINE_BYTES_MAX = 64 * 1024;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LFS = 0x0A0A0A0A0A0A0A0AL;

  /** Takes lines; the bytes are valid during the call only. */
  interface Lines {
    /** A line without its LF, perhaps with a CR at its end. */
    void line(byte[] b, int off, int len, long line);

    /** The beginning of a line that is too long. */
    void tooLong(byte[] b, int off, int len, long line);
  }

  private final Lines lines;
  private byte[] held = new byte[512];
  private int heldLen;
  private boolean skipping;
  private long line = 1;

  LineSplitter(Lines lines) {
    this.lines = lines;
  }

  void feed(byte[] b, int off, int len) {
    int end = off + len;
    int from = off;
    while (from < end) {
      int lf = indexOfLf(b, from, end);
      if (lf < 0) {
        hold(b, from, end);
        return;
      }
      if (skipping) {
        skipping = false;
      } else if (heldLen > 0) {
        hold(b, from, lf);
        endHeld();
      } else if (lf - from > LINE_BYTES_MAX) {
        lines.tooLong(b, from, LINE_BYTES_MAX, line);
      } else {
        lines.line(b, from, lf - from, line);
      }
      line++;
      from = lf + 1;
    }
  }

  /** Hands on a last line that has no LF; the next feed starts a new line. */
  void finish() {
    if (heldLen > 0) {
      endHeld();
      line++;
    } else if (skipping) {
      line++;
    }
    skipping = false;
  }

  private void endHeld() {
    int len = heldLen;
    heldLen = 0;
    if (skipping) {
      skipping = false;
    } else {
      lines.line(held, 0, len, line);
    }
  }

  private void hold(byte[] b, int from, int end) {
    if (skipping) {
      return;
    }
    int len = Math.min(end - from, LINE_BYTES_MAX - heldLen);
    if (heldLen + len > held.length) {
      held = Arrays.copyOf(held, Math.max(heldLen + len, held.length * 2));
    }
    System.arraycopy(b, from, held, heldLen, len);
    heldLen += len;
    if (len < end - from) {
      lines.tooLong(held, 0, heldLen, line);
      heldLen = 0;
      skipping = true;
    }
  }

  /** Eight bytes at a time: a zero byte in {@code word ^ LFS} borrows into its top bit. */
  private static int indexOfLf(byte[] b, int from, int end) {
    int i = from;
    for (; i + 8 <= end; i += 8) {
      long word = (long) LONG.get(b, i) ^ LFS;
      long hit = (word - 0x0101010101010101L) & ~word & 0x8080808080808080L;
      if (hit != 0) {
        return i + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    for (; i < end; i++) {
      if (b[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
