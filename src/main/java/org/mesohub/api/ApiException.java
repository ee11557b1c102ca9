package org.mesohub.api;

import org.jspecify.annotations.Nullable;

/**
 * An expected failure, mapped by each adapter to its own status. The message is for the client and
 * says what to do next.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The one name of each failure. */
  public enum Reason {
    /** The request cannot be carried out as written; nothing happened. */
    INVALID,
    /** No such thing. */
    NOT_FOUND,
    /** No valid credentials. */
    UNAUTHENTICATED,
    /** The caller lacks the right. */
    FORBIDDEN,
    /** Token used before with other content; nothing happened. */
    TOKEN_CONFLICT,
    /** Token older than the window in which puts are remembered; nothing happened. */
    TOKEN_EXPIRED,
    /** A state older than what is kept was asked for; the message names the oldest readable. */
    HISTORY_EXPIRED,
    /** Too much at once, or no space; nothing happened, try again later. */
    OVERLOADED,
    /** Cannot be served now; nothing happened, try again. */
    UNAVAILABLE,
    /** May have happened or happen later: repeat with the same token. */
    INDETERMINATE,
    /** Stored data failed its check. */
    CORRUPT,
    /** A bug. */
    INTERNAL
  }

  private final Reason reason;

  public ApiException(Reason reason, String message) {
    this(reason, message, null);
  }

  public ApiException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
