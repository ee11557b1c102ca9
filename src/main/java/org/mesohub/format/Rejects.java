package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Hands bad rows to the sink. */
final class Rejects {
  /** Bytes of a bad field quoted in a reason. */
  private static final int QUOTED_BYTES_MAX = 40;

  private final RowSink sink;

  Rejects(RowSink sink) {
    this.sink = sink;
  }

  void add(long line, String reason, byte[] b, int off, int len) {
    int kept = Math.min(len, Reject.TEXT_BYTES_MAX);
    sink.reject(new Reject(line, reason, Arrays.copyOfRange(b, off, off + kept)));
  }

  void tooLong(long line, byte[] b, int off, int len) {
    add(line, "line is longer than " + LineSplitter.LINE_BYTES_MAX + " bytes", b, off, len);
  }

  /** Why a number did not parse. */
  static String number(String column, int result, byte[] b, int off, int end) {
    return switch (result) {
      case NumberText.BLANK -> column + " is blank";
      case NumberText.TOO_MANY_DIGITS ->
          column + " " + quote(b, off, end) + " has more than 18 digits";
      default -> column + " " + quote(b, off, end) + " is not a number";
    };
  }

  /** A field as text in quotes, cut and with control characters shown as '?'. */
  static String quote(byte[] b, int off, int end) {
    String text =
        new String(b, off, Math.min(end - off, QUOTED_BYTES_MAX), StandardCharsets.UTF_8).strip();
    var quoted = new StringBuilder("'");
    text.codePoints().forEach(c -> quoted.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return quoted.append(end - off > QUOTED_BYTES_MAX ? "...'" : "'").toString();
  }
}
