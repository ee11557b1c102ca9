package org.mesohub.observation;

/**
 * A half-open range of instants {@code [from, to)}; empty when {@code from >= to}.
 *
 * @param fromMicros first instant inside, microseconds since 1970-01-01T00:00Z
 * @param toMicros first instant outside, microseconds since 1970-01-01T00:00Z
 */
public record TimeRange(long fromMicros, long toMicros) {
  /** Earliest instant the store accepts: 1800-01-01T00:00Z. */
  public static final long TIME_MIN_MICROS = -5_364_662_400_000_000L;

  /** First instant past what the store accepts: 2200-01-01T00:00Z. */
  public static final long TIME_END_MICROS = 7_258_118_400_000_000L;

  /** Every instant that the store accepts. */
  public static final TimeRange ALL = new TimeRange(TIME_MIN_MICROS, TIME_END_MICROS);

  public boolean isEmpty() {
    return fromMicros >= toMicros;
  }

  public boolean contains(long timeMicros) {
    return fromMicros <= timeMicros && timeMicros < toMicros;
  }

  /**
   * Whether some instant lies both here and in the closed range {@code [firstMicros, lastMicros]}.
   */
  public boolean overlapsClosed(long firstMicros, long lastMicros) {
    return !isEmpty() && firstMicros < toMicros && fromMicros <= lastMicros;
  }

  public TimeRange intersect(TimeRange other) {
    return new TimeRange(
        Math.max(fromMicros, other.fromMicros), Math.min(toMicros, other.toMicros));
  }

  /** First day touched; only for a range that is not empty. */
  public Day firstDay() {
    return Day.of(fromMicros);
  }

  /** Last day touched; only for a range that is not empty. */
  public Day lastDay() {
    return Day.of(toMicros - 1);
  }
}
