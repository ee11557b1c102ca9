package org.mesohub.config;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one value is written.
 *
 * @param expected what a right value looks like, for the message
 * @param parse empty when the text is not a right value
 */
record Rule<T>(String expected, Function<String, Optional<T>> parse) {
  static final Rule<Boolean> BOOL =
      new Rule<>(
          "true or false",
          text ->
              switch (text) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
              });

  /** Ids of nodes, clusters, networks and principals: short enough for keys, without blanks. */
  static final Rule<String> ID =
      new Rule<>(
          "1 to 64 letters, digits, or . _ - / +",
          text -> text.matches("[\\p{L}\\p{N}._/+-]{1,64}") ? Optional.of(text) : Optional.empty());

  static Rule<String> text(int charsMax) {
    return new Rule<>(
        "1 to " + charsMax + " characters",
        text -> text.isEmpty() || text.length() > charsMax ? Optional.empty() : Optional.of(text));
  }

  static Rule<Integer> integer(int min, int max) {
    return new Rule<>(
        "a whole number from " + min + " to " + max,
        text -> {
          if (!text.matches("-?[0-9]{1,10}")) {
            return Optional.empty();
          }
          long number = Long.parseLong(text);
          return number >= min && number <= max ? Optional.of((int) number) : Optional.empty();
        });
  }

  static Rule<Long> size(long min, long max) {
    return new Rule<>(
        "a size from "
            + Units.formatSize(min)
            + " to "
            + Units.formatSize(max)
            + ", written like 64 MiB or 10 GiB",
        text -> Units.size(text).filter(bytes -> bytes >= min && bytes <= max));
  }

  static Rule<Duration> duration(Duration min, Duration max) {
    return new Rule<>(
        "a duration from "
            + Units.formatDuration(min)
            + " to "
            + Units.formatDuration(max)
            + ", written like 500ms, 30s, 5m or 2h",
        text -> Units.duration(text).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0));
  }
}
