package org.mesohub.observation;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/**
 * A UTC day.
 *
 * @param epochDay days since 1970-01-01
 */
public record Day(int epochDay) implements Comparable<Day> {
  /** Length of a UTC day (no leap seconds), in microseconds. */
  public static final long MICROS = 86_400_000_000L;

  /** The day that holds an instant. */
  public static Day of(long timeMicros) {
    return new Day(epochDayOf(timeMicros));
  }

  /** {@link #of(long)} without the object. */
  public static int epochDayOf(long timeMicros) {
    return (int) Math.floorDiv(timeMicros, MICROS);
  }

  /** First instant of the day, microseconds since 1970-01-01T00:00Z. */
  public long startMicros() {
    return epochDay * MICROS;
  }

  /** First instant after the day, microseconds since 1970-01-01T00:00Z. */
  public long endMicros() {
    return (epochDay + 1L) * MICROS;
  }

  public TimeRange range() {
    return new TimeRange(startMicros(), endMicros());
  }

  /** {@code yyyyMMdd}, the form of the 2018 contract. */
  public String basic() {
    return DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.ofEpochDay(epochDay));
  }

  @Override
  public int compareTo(Day other) {
    return Integer.compare(epochDay, other.epochDay);
  }

  /** {@code yyyy-MM-dd}. */
  @Override
  public String toString() {
    return LocalDate.ofEpochDay(epochDay).toString();
  }
}
