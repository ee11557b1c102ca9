package org.mesohub.api;

import org.jspecify.annotations.Nullable;

/**
 * How a put is to be taken.
 *
 * @param token makes the put repeatable; null for none
 * @param source what to call the source; at most 256 UTF-8 bytes
 * @param licence licence of the rows; at most 256 UTF-8 bytes
 * @param defaultNetwork network of rows that name none; empty for the format's default
 * @param format format name; empty to detect by content
 * @param dryRun read and compare everything, store nothing
 * @param principal who puts
 */
public record PutOptions(
    @Nullable Token token,
    String source,
    String licence,
    String defaultNetwork,
    String format,
    boolean dryRun,
    String principal) {
  /**
   * Token of a put.
   *
   * @param client client name, 1 to 64 UTF-8 bytes
   * @param sequence ascending within the client, at least 0
   */
  public record Token(String client, long sequence) {}

  /** No token, source not named. */
  public static PutOptions plain(String principal) {
    return new PutOptions(null, "", "", "", "", false, principal);
  }
}
