package org.mesohub.bus;

/**
 * Judges how old a peer's frames are without comparing wall clocks. Both sides read monotonic
 * clocks with origins of their own; how far these are apart is learned from round trips: the peer's
 * clock was read between our sending and the arrival of the answer, however long that took.
 *
 * <p>The estimate errs by the fastest return way seen at most, and towards judging frames younger.
 * Between round trips it follows the drift that two clocks can have. When a round trip proves it
 * wrong (the peer's machine was suspended) it starts anew. A boot that no round trip has confirmed
 * is not judged at all: its frames may come from a process that is long dead.
 *
 * <p>Times in microseconds. Not safe for threads.
 */
final class PeerClock {
  /** Clocks of two machines run apart by less. */
  private static final double DRIFT = 500e-6;

  /** What to do with a frame. */
  enum Verdict {
    FRESH,
    /** Its sender waits no longer, or has sent something of a higher term since. */
    LATE,
    /** Of a process that has not answered us yet. */
    NOT_MET
  }

  private boolean met;
  private long boot;

  /** Our clock minus the peer's, at {@link #atMicros}. */
  private double offsetMicros;

  private long atMicros;
  private long termMax;

  /** Takes in a round trip: the peer answered with its boot and clock. */
  void answered(long peerBoot, long peerMicros, long askedMicros, long nowMicros) {
    double highest = nowMicros - peerMicros;
    double lowest = askedMicros - peerMicros;
    if (!met || boot != peerBoot) {
      met = true;
      boot = peerBoot;
      termMax = 0;
      offsetMicros = highest;
    } else {
      double drifted = drifted(nowMicros);
      offsetMicros = highest < drifted || lowest > drifted ? highest : drifted;
    }
    atMicros = nowMicros;
  }

  Verdict judge(Frame frame, long nowMicros) {
    if (!met || boot != frame.boot()) {
      return Verdict.NOT_MET;
    }
    double age = nowMicros - frame.sentMicros() - drifted(nowMicros);
    if (age > frame.ttlMillis() * 1_000.0 || (frame.term() > 0 && frame.term() < termMax)) {
      return Verdict.LATE;
    }
    termMax = Math.max(termMax, frame.term());
    return Verdict.FRESH;
  }

  private double drifted(long nowMicros) {
    return offsetMicros + Math.max(0, nowMicros - atMicros) * DRIFT;
  }
}
