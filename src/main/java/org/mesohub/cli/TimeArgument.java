package org.mesohub.cli;

import java.util.Map;
import java.util.regex.Pattern;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.Timestamps;

/**
 * Times as typed: {@code 2018-03-16}, {@code 2018-03-16 22:15}, ISO 8601 (UTC unless an offset is
 * given), {@code now}, {@code now-6h}.
 */
final class TimeArgument {
  private static final Pattern RELATIVE = Pattern.compile("now(?:([+-])([0-9]{1,9})(s|m|h|d|w))?");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L, "w", 604_800L);
  private static final long MICROS_PER_SECOND = 1_000_000;

  /** Length of the years that the store accepts, and a second more, in seconds. */
  private static final long RANGE_SECONDS =
      (TimeRange.TIME_END_MICROS - TimeRange.TIME_MIN_MICROS) / MICROS_PER_SECOND + 1;

  private TimeArgument() {}

  /**
   * Microseconds since 1970.
   *
   * @param option name of the option, for the message
   * @param nowMicros what {@code now} means
   * @throws CliException when it is not a time
   */
  static long parse(String option, String text, long nowMicros) {
    var relative = RELATIVE.matcher(text);
    long micros;
    if (relative.matches()) {
      micros = nowMicros;
      if (relative.group(1) != null) {
        // At most 9 digits of weeks, which fit as seconds; an offset of more seconds than the whole
        // range is out of range from any now.
        long seconds =
            Math.min(
                Long.parseLong(relative.group(2)) * SECONDS.getOrDefault(relative.group(3), 1L),
                RANGE_SECONDS);
        long offset = seconds * MICROS_PER_SECOND;
        micros += relative.group(1).equals("-") ? -offset : offset;
      }
    } else {
      micros = Timestamps.parse(text);
    }
    if (micros < TimeRange.TIME_MIN_MICROS || micros > TimeRange.TIME_END_MICROS) {
      throw CliException.usage(
          option
              + " '"
              + text
              + "': expected a time from 1800 to 2200 such as 2018-03-16, '2018-03-16 22:15',"
              + " 2018-03-16T22:15:00Z, now or now-6h");
    }
    return micros;
  }
}
