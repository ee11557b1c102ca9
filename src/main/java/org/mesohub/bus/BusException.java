package org.mesohub.bus;

import java.io.IOException;

/** A message that was not answered; whether the peer has acted on it is unknown. */
public final class BusException extends IOException {
  private static final long serialVersionUID = 1;

  BusException(String message) {
    super(message);
  }

  BusException(String message, Throwable cause) {
    super(message, cause);
  }
}
