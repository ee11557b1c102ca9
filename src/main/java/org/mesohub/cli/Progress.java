package org.mesohub.cli;

/** Progress lines: pure text from numbers. */
final class Progress {
  private static final int BAR_CHARS = 24;

  private Progress() {}

  /**
   * Progress towards a known size, such as {@code [#####-----] 42% 1.2 MiB/2.9 MiB 3.1 MiB/s 812.0k
   * rows/s eta 12s 2/7 files}.
   *
   * @param doneBytes bytes sent
   * @param totalBytes bytes to send, 0 when unknown
   * @param rows rows known to be handled, 0 when none yet
   */
  static String upload(
      long doneBytes, long totalBytes, long rows, double seconds, int filesDone, int files) {
    var line = new StringBuilder();
    if (totalBytes > 0) {
      double part = Math.min(1, doneBytes / (double) totalBytes);
      int filled = (int) (part * BAR_CHARS);
      line.append('[')
          .append("#".repeat(filled))
          .append("-".repeat(BAR_CHARS - filled))
          .append("] ");
      line.append(String.format(java.util.Locale.ROOT, "%3d%%  ", (int) (part * 100)));
      line.append(Numbers.bytes(doneBytes)).append('/').append(Numbers.bytes(totalBytes));
    } else {
      line.append(Numbers.bytes(doneBytes));
    }
    if (seconds > 0) {
      line.append("  ").append(Numbers.bytes((long) (doneBytes / seconds))).append("/s");
      if (rows > 0) {
        line.append("  ").append(Numbers.brief(rows / seconds)).append(" rows/s");
      }
      if (totalBytes > doneBytes && doneBytes > 0) {
        double left = (totalBytes - doneBytes) * seconds / doneBytes;
        line.append("  eta ").append(Numbers.duration((long) Math.ceil(left)));
      }
    }
    if (files > 1) {
      line.append("  ").append(filesDone).append('/').append(files).append(" files");
    }
    return line.toString();
  }

  /** Progress without a known end: {@code 1,234,567 rows 812.0k rows/s}. */
  static String download(long rows, double seconds) {
    return Numbers.grouped(rows)
        + " rows"
        + (seconds > 0 ? "  " + Numbers.brief(rows / seconds) + " rows/s" : "");
  }
}
