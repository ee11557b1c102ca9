package org.mesohub.store;

import org.jspecify.annotations.Nullable;

/** An expected failure of the store. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What happened. */
  public enum Reason {
    /** No such chunk here. */
    NOT_FOUND,
    /** The bytes do not have the hash they are stored under. */
    CORRUPT,
    /**
     * The engine cannot be reached, did not answer in time, or refused. Whether a write happened is
     * not known.
     */
    UNAVAILABLE,
    /** No space left. */
    FULL,
    /** The database belongs to another cluster or node, or to a newer release. */
    FOREIGN
  }

  private final Reason reason;

  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
