package org.mesohub.cli;

import picocli.CommandLine.Option;

/** Leaves out what is only for people. */
final class Quiet {
  @Option(
      names = {"--quiet", "-q"},
      description = "No progress.")
  boolean quiet;
}
