package org.mesohub.cli;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * Decides when requests start in an open-loop load test. Request i is due at {@code start + i /
 * rate}, whatever happened to those before: slow answers shift nothing. A request that finds {@link
 * #inFlightMax} others running waits for a place and counts as late; its latency still runs from
 * when it was due, so that a stall of the server shows in full (no coordinated omission). Knows no
 * clock: the caller says what time it is. Not thread-safe.
 */
final class OpenLoop {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final long startNanos;
  private final long requests;
  private final int inFlightMax;
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private long scheduled;
  private long late;
  private int inFlight;

  /**
   * @param perSecond arrival rate
   * @param startNanos when the first request is due
   * @param durationNanos no request is due from {@code startNanos + durationNanos} on
   * @param inFlightMax most requests running at once
   */
  OpenLoop(double perSecond, long startNanos, long durationNanos, int inFlightMax) {
    this.perSecond = perSecond;
    this.startNanos = startNanos;
    this.requests = (long) Math.ceil(durationNanos * perSecond / NANOS_PER_SECOND);
    this.inFlightMax = inFlightMax;
  }

  /** When a request is due, on the caller's clock. */
  long dueNanos(long request) {
    return startNanos + (long) (request * NANOS_PER_SECOND / perSecond);
  }

  /**
   * Starts what is due now.
   *
   * @param start takes the time at which the request was due; must count it as running until {@link
   *     #finished}
   */
  void tick(long nowNanos, LongConsumer start) {
    while (scheduled < requests && dueNanos(scheduled) - nowNanos <= 0) {
      waiting.add(dueNanos(scheduled));
      scheduled++;
      if (inFlight + waiting.size() > inFlightMax) {
        late++;
      }
      startWaiting(start);
    }
    startWaiting(start);
  }

  /** A request has ended; one that waits takes its place. */
  void finished(LongConsumer start) {
    inFlight--;
    startWaiting(start);
  }

  private void startWaiting(LongConsumer start) {
    while (inFlight < inFlightMax && !waiting.isEmpty()) {
      inFlight++;
      start.accept(waiting.remove());
    }
  }

  /**
   * Gives up the requests that wait, and all later ones. Returns how many were due and never
   * started.
   */
  long abandon() {
    long lost = waiting.size();
    waiting.clear();
    scheduled = requests;
    return lost;
  }

  /** Nothing is running, waiting or still to come. */
  boolean isDone() {
    return scheduled == requests && inFlight == 0 && waiting.isEmpty();
  }

  /** Whether the last request has become due. */
  boolean isScheduled() {
    return scheduled == requests;
  }

  int inFlight() {
    return inFlight;
  }

  /** Requests that had to wait for a place. */
  long late() {
    return late;
  }

  long scheduled() {
    return scheduled;
  }
}
