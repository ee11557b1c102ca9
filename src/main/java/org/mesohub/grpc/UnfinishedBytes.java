package org.mesohub.grpc;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes taken for messages that have begun and are not whole, over all calls. Thread-safe. */
final class UnfinishedBytes {
  private final AtomicLong held = new AtomicLong();
  private final long max;

  UnfinishedBytes(long max) {
    this.max = max;
  }

  /** Adds, or takes away when negative; false when there are more than allowed now. */
  boolean add(long bytes) {
    return bytes == 0 || held.addAndGet(bytes) <= max || bytes < 0;
  }

  long held() {
    return held.get();
  }
}
