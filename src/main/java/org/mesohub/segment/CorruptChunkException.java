package org.mesohub.segment;

/**
 * Stored bytes are not what they should be: wrong hash, wrong structure, or a format version this
 * release does not know.
 */
public final class CorruptChunkException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CorruptChunkException(String message) {
    super(message);
  }

  public CorruptChunkException(String message, Throwable cause) {
    super(message, cause);
  }
}
