package org.mesohub.cluster;

import org.jspecify.annotations.Nullable;

/** An expected failure of the replicated log. */
public final class LogException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What happened. */
  public enum Reason {
    /** Another node leads; nothing was appended. */
    NOT_LEADER,
    /** Too many entries wait; nothing was appended. */
    OVERLOADED,
    /** No answer in time: the entry may be applied, now or later. */
    INDETERMINATE,
    /** The entry is larger than the log takes; nothing was appended, and it never will be. */
    TOO_LARGE,
    /** The log is closed; nothing was appended. */
    CLOSED
  }

  private final Reason reason;

  public LogException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
