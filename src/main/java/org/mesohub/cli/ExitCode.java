package org.mesohub.cli;

/** What the program's exit code says; documented in the footer of {@code --help}. */
final class ExitCode {
  static final int OK = 0;

  /** Some of it did not succeed: rejected rows under --strict, or some of several files. */
  static final int PARTIAL = 1;

  static final int USAGE = 2;

  /** No node there, or it cannot serve now; nothing happened. */
  static final int UNAVAILABLE = 3;

  /** The node refused: invalid request, no right, token conflict; or it failed and said so. */
  static final int REFUSED = 4;

  /** It is unknown whether it happened. */
  static final int INDETERMINATE = 5;

  /** By SIGINT; what the JVM itself exits with. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
