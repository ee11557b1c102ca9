package org.mesohub.format;

/**
 * The input as a whole cannot be read (a bad row is a reject instead). The message says what was
 * seen, where, and what is accepted.
 */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long offset;

  public FormatException(String message, long offset) {
    super(message);
    this.offset = offset;
  }

  public FormatException(String message, long offset, Throwable cause) {
    super(message, cause);
    this.offset = offset;
  }

  /** Offset in the input as fed, in bytes. */
  public long offset() {
    return offset;
  }
}
