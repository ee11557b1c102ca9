package org.mesohub.query;

/**
 * A query that cannot be answered as written; the message names the part and says what would be
 * right.
 */
public final class InvalidQueryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidQueryException(String message) {
    super(message);
  }
}
