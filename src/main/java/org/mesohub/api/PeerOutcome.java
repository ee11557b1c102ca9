package org.mesohub.api;

/**
 * What came of asking another cluster.
 *
 * @param rows rows taken of its answer
 * @param text what is wrong, in words; empty when nothing is
 */
public record PeerOutcome(String cluster, State state, long rows, String text) {
  /** How much of what it was asked for came. */
  public enum State {
    /** All. */
    OK,
    /** Some rows, and not all. */
    PARTIAL,
    /** Nothing in time. */
    TIMEOUT,
    /** It did not want to answer, or was not asked as too much goes there already. */
    REFUSED,
    /** It could not be reached. */
    UNREACHABLE,
    /** It answers the same question on another way. */
    DUPLICATE
  }

  /** Whether rows may be missing because of it. */
  public boolean isIncomplete() {
    return state != State.OK && state != State.DUPLICATE;
  }
}
