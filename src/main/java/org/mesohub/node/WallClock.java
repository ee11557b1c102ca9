package org.mesohub.node;

import java.time.Instant;

/** The one place where wall-clock time enters. */
final class WallClock {
  private WallClock() {}

  /** Microseconds since 1970-01-01T00:00Z. */
  static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
