package org.mesohub.node;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the wall clocks of the other members are from this node's, from questions with their
 * clock in the answer. Nothing depends on them but the times of commits, which the leader stamps:
 * they stand still after a change to a leader whose clock is behind. Thread-safe.
 */
final class PeerClocks {
  private static final Logger LOG = LoggerFactory.getLogger(PeerClocks.class);

  /** From here on it is told of, once. */
  private static final long TELL_MICROS = 10_000_000;

  private final Map<String, Long> offsets = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * Takes an answer.
   *
   * @param askedMicros this node's clock when it asked
   * @param answeredMicros this node's clock when the answer came
   * @param theirsMicros the member's clock in between
   */
  void answered(String member, long askedMicros, long answeredMicros, long theirsMicros) {
    long offset = theirsMicros - askedMicros - (answeredMicros - askedMicros) / 2;
    offsets.put(member, offset);
    if (Math.abs(offset) > TELL_MICROS) {
      if (told.add(member)) {
        LOG.warn(
            "the clock of node {} is {} s {} this node's: set both by NTP; until then times of"
                + " commits may stand still when the leadership moves",
            member,
            Math.abs(offset) / 1_000_000,
            offset > 0 ? "ahead of" : "behind");
      }
    } else if (Math.abs(offset) < TELL_MICROS / 2 && told.remove(member)) {
      LOG.info("the clock of node {} agrees with this node's again", member);
    }
  }

  /** Seconds that a member's clock is ahead; negative: behind; NaN: not known. */
  double seconds(String member) {
    Long offset = offsets.get(member);
    return offset == null ? Double.NaN : offset / 1e6;
  }
}
