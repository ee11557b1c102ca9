package org.mesohub.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Holds the first bytes back until they tell the format, then feeds the reader made for it. Two of
 * them in a row see through gzip.
 */
final class AutoReader implements FormatReader {
  /** Bytes that decide whether any format of {@link Sniffer#foreign} begins here. */
  private static final int MAGIC_BYTES = 8;

  private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final ReaderOptions options;
  private final RowSink sink;
  private final boolean insideGzip;
  private byte[] held = new byte[1024];
  private int heldLen;
  private boolean any;
  private @Nullable FormatReader reader;

  AutoReader(ReaderOptions options, RowSink sink, boolean insideGzip) {
    this.options = options;
    this.sink = sink;
    this.insideGzip = insideGzip;
  }

  @Override
  public String format() {
    return reader == null ? "" : reader.format();
  }

  @Override
  public void feed(byte[] buf, int off, int len) {
    if (reader != null) {
      reader.feed(buf, off, len);
      return;
    }
    int at = off;
    int end = off + len;
    while (at < end) {
      // In small steps, so that what is held stays small and whole lines are seen as soon as they
      // are there.
      int step = Math.min(end - at, LineSplitter.LINE_BYTES_MAX + MAGIC_BYTES - heldLen);
      hold(buf, at, step);
      at += step;
      FormatReader made = decide(heldLen > LineSplitter.LINE_BYTES_MAX);
      if (made != null) {
        start(made);
        made.feed(buf, at, end - at);
        return;
      }
    }
  }

  @Override
  public void finish() {
    if (reader == null) {
      FormatReader made = decide(true);
      if (made == null) {
        throw new FormatException(
            (any ? "input holds only blank lines; " : "input is empty; ") + Sniffer.ACCEPTED, 0);
      }
      start(made);
      made.finish();
    } else {
      reader.finish();
    }
  }

  private void start(FormatReader made) {
    reader = made;
    int skip = startsWithMark() ? UTF8_MARK.length : 0;
    made.feed(held, skip, heldLen - skip);
    held = new byte[0];
  }

  private void hold(byte[] buf, int off, int len) {
    any |= len > 0;
    if (heldLen + len > held.length) {
      held = Arrays.copyOf(held, Math.max(heldLen + len, held.length * 2));
    }
    System.arraycopy(buf, off, held, heldLen, len);
    heldLen += len;
  }

  /** The reader for what is held, or null when more is needed and may come. */
  private @Nullable FormatReader decide(boolean all) {
    boolean gzip = heldLen >= 2 && held[0] == 0x1F && held[1] == (byte) 0x8B;
    if (gzip && !insideGzip) {
      return new GzipReader(new AutoReader(options, sink, true), options.unpackedBytesMax());
    }
    if (heldLen < MAGIC_BYTES && !all) {
      return null;
    }
    String foreign = Sniffer.foreign(held, 0, heldLen);
    if (foreign != null) {
      throw new FormatException("input is " + foreign + "; " + Sniffer.ACCEPTED, 0);
    }
    int from = startsWithMark() ? UTF8_MARK.length : 0;
    while (from < heldLen) {
      int lf = from;
      while (lf < heldLen && held[lf] != '\n') {
        lf++;
      }
      if (lf == heldLen && !all) {
        return null;
      }
      if (!isBlank(from, lf)) {
        return Sniffer.reader(held, from, lf - from, options, sink);
      }
      from = lf + 1;
    }
    if (all && heldLen > LineSplitter.LINE_BYTES_MAX) {
      throw new FormatException(
          "the first " + heldLen + " bytes are blank; " + Sniffer.ACCEPTED, heldLen);
    }
    return null;
  }

  private boolean startsWithMark() {
    return heldLen >= UTF8_MARK.length
        && Arrays.equals(held, 0, UTF8_MARK.length, UTF8_MARK, 0, UTF8_MARK.length);
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (held[i] != ' ' && held[i] != '\r' && held[i] != '\t') {
        return false;
      }
    }
    return true;
  }
}
