package org.mesohub.replication;

/**
 * Whether a member is worth asking.
 *
 * <pre>
 *             no answer                   pause over: one call passes
 *   closed ──────────────► open ──────────────────────► trying
 *      ▲                    ▲  no answer, pause doubles    │
 *      │                    └──────────────────────────────┤
 *      └──────────────────────── any answer ───────────────┘
 * </pre>
 *
 * Time is given by the caller, in nanoseconds. Not thread-safe.
 */
final class Breaker {
  static final long PAUSE_MIN_NANOS = 250_000_000L;
  static final long PAUSE_MAX_NANOS = 4_000_000_000L;

  private long pauseNanos;
  private long retryAtNanos;
  private boolean trying;

  /** Whether a call may be made now; while open, one does after each pause. */
  boolean passes(long nowNanos) {
    if (pauseNanos == 0) {
      return true;
    }
    if (trying || nowNanos - retryAtNanos < 0) {
      return false;
    }
    trying = true;
    return true;
  }

  boolean isOpen() {
    return pauseNanos > 0;
  }

  void answered() {
    pauseNanos = 0;
    trying = false;
  }

  void unanswered(long nowNanos) {
    if (pauseNanos > 0 && !trying) {
      return; // begun before it opened
    }
    pauseNanos = pauseNanos == 0 ? PAUSE_MIN_NANOS : Math.min(2 * pauseNanos, PAUSE_MAX_NANOS);
    retryAtNanos = nowNanos + pauseNanos;
    trying = false;
  }
}
