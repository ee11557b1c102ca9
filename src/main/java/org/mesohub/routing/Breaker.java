package org.mesohub.routing;

/**
 * Spares callers a peer that keeps failing: after some failures in a row it is not asked for a
 * while, then by one at a time, until one succeeds. Thread-safe.
 *
 * <pre>
 *   closed ── failures ──► open ── pause over ──► half open: one call
 *     ▲                     ▲                        │        │
 *     │                     └──────── fails ─────────┘        │
 *     └───────────────────────────── succeeds ────────────────┘
 * </pre>
 */
public final class Breaker {
  /** Failures in a row that open it. */
  static final int FAILURES = 3;

  /** First pause, and the longest: each is twice the one before. */
  static final long PAUSE_NANOS = 1_000_000_000L;

  static final long PAUSE_NANOS_MAX = 30_000_000_000L;

  private int failures;
  private long pauseNanos = PAUSE_NANOS;
  private long openUntilNanos;
  private boolean probing;

  /** Whether a call may go out now; if so, its outcome must be told. */
  public synchronized boolean tryCall(long nowNanos) {
    if (failures < FAILURES) {
      return true;
    }
    if (probing || nowNanos - openUntilNanos < 0) {
      return false;
    }
    probing = true;
    return true;
  }

  /** A call ended, and nothing is known of the peer by that. */
  public synchronized void released() {
    probing = false;
  }

  /** A call was answered. */
  public synchronized void succeeded() {
    failures = 0;
    pauseNanos = PAUSE_NANOS;
    probing = false;
  }

  /** A call failed as the peer could not be reached or did not answer in time. */
  public synchronized void failed(long nowNanos) {
    failures++;
    if (failures < FAILURES) {
      return;
    }
    if (failures > FAILURES && probing) {
      pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
    }
    openUntilNanos = nowNanos + pauseNanos;
    probing = false;
  }

  /** Whether it lets nobody through now. */
  public synchronized boolean isOpen(long nowNanos) {
    return failures >= FAILURES && (probing || nowNanos - openUntilNanos < 0);
  }
}
