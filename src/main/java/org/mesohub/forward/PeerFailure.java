package org.mesohub.forward;

import org.mesohub.api.PeerOutcome.State;

/** A peer did not answer as asked. */
final class PeerFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final State state;
  private final boolean blame;

  /**
   * @param blame whether it is the peer's doing, so that others should be spared it
   */
  PeerFailure(State state, String text, boolean blame) {
    super(text, null, false, false);
    this.state = state;
    this.blame = blame;
  }

  /** One for which the peer is blamed when it could not be reached. */
  PeerFailure(State state, String text) {
    this(state, text, state == State.UNREACHABLE);
  }

  State state() {
    return state;
  }

  boolean isBlamed() {
    return blame;
  }
}
