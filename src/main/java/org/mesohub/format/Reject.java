package org.mesohub.format;

import java.nio.charset.StandardCharsets;

/**
 * A row that cannot be read.
 *
 * @param line 1-based line in the input
 * @param reason why, in words for the sender
 * @param text the row's first bytes, at most {@link #TEXT_BYTES_MAX}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reject(long line, String reason, byte[] text) {
  /** Bytes of a row kept for inspection. */
  public static final int TEXT_BYTES_MAX = 512;

  /** The kept bytes as text; what is not UTF-8 shows as U+FFFD. */
  public String string() {
    return new String(text, StandardCharsets.UTF_8);
  }
}
