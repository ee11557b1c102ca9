package org.mesohub.grpc;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The header {@code grpc-timeout}: how long a client waits, from its request on. */
final class GrpcTimeout {
  static final String HEADER = "grpc-timeout";

  /** Longest value of the header, as the number has eight digits at most. */
  private static final long VALUE_MAX = 99_999_999;

  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private GrpcTimeout() {}

  /** Nanoseconds of a header; {@link Long#MAX_VALUE} when there is none, or none that reads. */
  static long nanos(@Nullable String header) {
    if (header == null || header.length() < 2 || header.length() > 9) {
      return Long.MAX_VALUE;
    }
    int last = header.length() - 1;
    long value = 0;
    for (int i = 0; i < last; i++) {
      int digit = header.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return switch (header.charAt(last)) {
      case 'H' -> value > Long.MAX_VALUE / HOUR_NANOS ? Long.MAX_VALUE : value * HOUR_NANOS;
      case 'M' -> TimeUnit.MINUTES.toNanos(value);
      case 'S' -> TimeUnit.SECONDS.toNanos(value);
      case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
      case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
      case 'n' -> value;
      default -> Long.MAX_VALUE;
    };
  }

  /** The header for a time, rounded up to what it can say. */
  static String header(long nanos) {
    long micros = Math.max(1, (nanos + 999) / 1_000);
    if (micros <= VALUE_MAX) {
      return micros + "u";
    }
    long millis = (micros + 999) / 1_000;
    return millis <= VALUE_MAX ? millis + "m" : Math.min(VALUE_MAX, (millis + 999) / 1_000) + "S";
  }
}
