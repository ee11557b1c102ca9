package org.mesohub.forward;

import org.mesohub.api.PeerOutcome.State;

/** A peer did not answer as asked. */
final class PeerFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final State state;

  PeerFailure(State state, String text) {
    super(text, null, false, false);
    this.state = state;
  }

  State state() {
    return state;
  }
}
