package org.mesohub.cli;

import org.mesohub.observation.Timestamps;

/** Small listings as CSV (RFC 4180 with line feeds). */
final class Csv {
  private final StringBuilder text = new StringBuilder();

  Csv(String... heading) {
    row(heading);
  }

  void row(String... cells) {
    for (int i = 0; i < cells.length; i++) {
      text.append(i == 0 ? "" : ",").append(quoted(cells[i]));
    }
    text.append('\n');
  }

  /** ISO 8601, empty for 0. */
  static String time(long micros) {
    return micros == 0 ? "" : Timestamps.format(micros);
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
