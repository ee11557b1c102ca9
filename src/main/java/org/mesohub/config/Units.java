package org.mesohub.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sizes and durations as people write them: {@code 10 GiB}, {@code 30s}. */
public final class Units {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}) *(B|KiB|MiB|GiB|TiB)");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,10}) *(ms|s|m|h|d)");
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Units() {}

  /** Bytes in {@code 512 B}, {@code 64 MiB}; a unit is required. */
  public static Optional<Long> size(String text) {
    return scaled(SIZE, BYTES, text);
  }

  /** Time in {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}; a unit is required. */
  public static Optional<Duration> duration(String text) {
    return scaled(DURATION, MILLIS, text).map(Duration::ofMillis);
  }

  /** The largest unit that divides evenly. */
  public static String formatSize(long bytes) {
    for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
      long factor = BYTES.getOrDefault(unit, 1L);
      if (bytes >= factor && bytes % factor == 0) {
        return bytes / factor + " " + unit;
      }
    }
    return bytes + " B";
  }

  /** The largest unit that divides evenly. */
  public static String formatDuration(Duration duration) {
    long millis = duration.toMillis();
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long factor = MILLIS.getOrDefault(unit, 1L);
      if (millis >= factor && millis % factor == 0) {
        return millis / factor + unit;
      }
    }
    return millis + "ms";
  }

  private static Optional<Long> scaled(Pattern pattern, Map<String, Long> factors, String text) {
    var matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    long factor = factors.getOrDefault(matcher.group(2), 1L);
    return number > Long.MAX_VALUE / factor ? Optional.empty() : Optional.of(number * factor);
  }
}
