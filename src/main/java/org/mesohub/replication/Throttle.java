package org.mesohub.replication;

/** Keeps background work to a rate: whoever did some waits until that much was due. */
final class Throttle {
  private final long bytesPerSecond;
  private long dueNanos = System.nanoTime();

  Throttle(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a rate is positive, got " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits for what has been done to be due; pauses before do not count. */
  void done(long bytes) {
    long now = System.nanoTime();
    dueNanos = Math.max(dueNanos, now) + nanos(bytes, bytesPerSecond);
    if (dueNanos - now > 0) {
      Waiting.sleep(dueNanos - now);
    }
  }

  /** How long some bytes take. */
  static long nanos(long bytes, long bytesPerSecond) {
    return (long) (bytes * (1e9 / bytesPerSecond));
  }
}
