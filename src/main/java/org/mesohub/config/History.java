package org.mesohub.config;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long superseded values stay readable after the commit that replaced them.
 *
 * @param days number of days; 0 for not at all, {@link #FOREVER} for always
 */
public record History(int days) {
  /** Stands for "always" in {@link #days}. */
  public static final int FOREVER = Integer.MAX_VALUE;

  public static final History ALL = new History(FOREVER);
  public static final History NONE = new History(0);

  /** A hundred years, so that a typing error does not pass. */
  private static final int DAYS_MAX = 36_525;

  /** Parses {@code all}, {@code none} or {@code 30d}. */
  public static Optional<History> parse(String text) {
    if (text.equals("all")) {
      return Optional.of(ALL);
    }
    if (text.equals("none")) {
      return Optional.of(NONE);
    }
    if (!text.matches("[0-9]{1,6}d")) {
      return Optional.empty();
    }
    int days = Integer.parseInt(text.substring(0, text.length() - 1));
    return days >= 1 && days <= DAYS_MAX ? Optional.of(new History(days)) : Optional.empty();
  }

  /** The same as a time; null for always. */
  public @Nullable Duration kept() {
    return days == FOREVER ? null : Duration.ofDays(days);
  }

  @Override
  public String toString() {
    return days == FOREVER ? "all" : days == 0 ? "none" : days + "d";
  }
}
