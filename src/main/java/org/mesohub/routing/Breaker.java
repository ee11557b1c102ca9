package org.mesohub.routing;

/**
 * Whether somebody is worth calling: after some failures in a row not for a while, then by one call
 * at a time, until one succeeds. Thread-safe; time is given by the caller, in nanoseconds.
 *
 * <pre>
 *            failures                  pause over: one call passes
 *   closed ─────────────► open ──────────────────────────────────► trying
 *     ▲                    ▲  fails, and the pause doubles           │
 *     │                    └─────────────────────────────────────────┤
 *     └────────────────────────── succeeds ──────────────────────────┘
 * </pre>
 */
public final class Breaker {
  private final int failuresMax;
  private final long pauseMinNanos;
  private final long pauseMaxNanos;
  private int failures;
  private long pauseNanos;
  private long openUntilNanos;
  private boolean trying;

  /**
   * @param failuresMax failures in a row that open it
   * @param pauseMinNanos first pause
   * @param pauseMaxNanos longest pause
   */
  public Breaker(int failuresMax, long pauseMinNanos, long pauseMaxNanos) {
    this.failuresMax = failuresMax;
    this.pauseMinNanos = pauseMinNanos;
    this.pauseMaxNanos = pauseMaxNanos;
  }

  /** Whether a call may go out now; if so, its outcome must be told. */
  public synchronized boolean tryCall(long nowNanos) {
    if (!isOpen()) {
      return true;
    }
    if (trying || nowNanos - openUntilNanos < 0) {
      return false;
    }
    trying = true;
    return true;
  }

  /** A call was answered. */
  public synchronized void succeeded() {
    failures = 0;
    trying = false;
  }

  /** A call ended, and nothing is known of the other by that. */
  public synchronized void released() {
    trying = false;
  }

  /** A call was not answered. */
  public synchronized void failed(long nowNanos) {
    if (isOpen() && !trying) {
      return; // begun before it opened
    }
    pauseNanos = trying ? Math.min(2 * pauseNanos, pauseMaxNanos) : pauseMinNanos;
    failures = Math.min(failures + 1, failuresMax);
    openUntilNanos = nowNanos + pauseNanos;
    trying = false;
  }

  /** Whether calls have failed and none has succeeded since; one may be tried all the same. */
  public synchronized boolean isOpen() {
    return failures >= failuresMax;
  }
}
