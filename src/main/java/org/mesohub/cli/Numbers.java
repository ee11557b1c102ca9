package org.mesohub.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Numbers() {}

  /** {@code 1,234,567}. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1.5 MiB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1_023.95 && unit < UNITS.length - 1) {
      value /= 1_024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** {@code 950}, {@code 12.3k}, {@code 1.5M}: a count for a progress line. */
  static String brief(double number) {
    if (number < 1_000) {
      return String.format(Locale.ROOT, "%.0f", number);
    }
    return number < 1_000_000
        ? String.format(Locale.ROOT, "%.1fk", number / 1_000)
        : String.format(Locale.ROOT, "%.1fM", number / 1_000_000);
  }

  /** {@code 42s}, {@code 3m05s}, {@code 2h07m}, {@code 3d04h}. */
  static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }
    return seconds < 86_400
        ? String.format(Locale.ROOT, "%dh%02dm", seconds / 3_600, seconds % 3_600 / 60)
        : String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds % 86_400 / 3_600);
  }
}
