package org.mesohub.observation;

import java.util.Locale;
import java.util.Optional;

/** A choice of target units, one per variable. */
public enum UnitSystem {
  /** The dictionary's own units: SI with degrees Celsius. */
  DICTIONARY,
  /** Degrees Celsius, m/s, Pa, mm, km. */
  METRIC,
  /** Degrees Fahrenheit, knots, mbar (altimeter in inches of mercury), inches, miles, feet. */
  ENGLISH;

  /** Parses {@code dictionary}, {@code metric} or {@code english}, in any case. */
  public static Optional<UnitSystem> parse(String text) {
    for (UnitSystem system : values()) {
      if (system.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
        return Optional.of(system);
      }
    }
    return Optional.empty();
  }
}
