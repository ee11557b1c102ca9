package org.mesohub.cli;

import org.mesohub.config.Units;
import picocli.CommandLine.Option;

/** How old an answer may be; mixed into commands that read. */
final class StaleOption {
  @Option(
      names = "--max-stale",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description =
          "Take an answer from any node that has everything from longer ago than this, such as 5s"
              + " (default: 0s, everything that is stored).")
  String maxStale = "0s";

  long millis() {
    return Units.duration(maxStale)
        .orElseThrow(
            () ->
                CliException.usage(
                    "--max-stale '" + maxStale + "': expected a duration such as 500ms or 5s"))
        .toMillis();
  }
}
