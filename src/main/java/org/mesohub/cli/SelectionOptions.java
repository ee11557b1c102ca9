package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.v1.Selection;
import picocli.CommandLine.Option;

/** Which rows, by key; mixed into the commands that select. */
final class SelectionOptions {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "First time, inclusive: 2018-03-16, '2018-03-16 22:15', ISO 8601, now-6h; UTC (default: the first there is).")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "End time, exclusive; written as --from (default: the last there is).")
  @Nullable String to;

  @Option(
      names = {"--station", "-s"},
      paramLabel = "ID",
      split = ",",
      description = "Station: KSLC in any network, 1/KSLC in one. Repeatable, or with commas.")
  List<String> stations = new ArrayList<>();

  @Option(
      names = {"--network", "-n"},
      paramLabel = "ID",
      split = ",",
      description = "Network id. Repeatable, or with commas.")
  List<String> networks = new ArrayList<>();

  boolean isEmpty() {
    return from == null && to == null && stations.isEmpty() && networks.isEmpty();
  }

  /**
   * The selection on the wire.
   *
   * @param nowMicros what {@code now} means
   */
  Selection.Builder selection(long nowMicros) {
    var selection = Selection.newBuilder().addAllStations(stations).addAllNetworks(networks);
    if (from != null || to != null) {
      long first =
          from == null ? TimeRange.TIME_MIN_MICROS : TimeArgument.parse("--from", from, nowMicros);
      long end = to == null ? TimeRange.TIME_END_MICROS : TimeArgument.parse("--to", to, nowMicros);
      if (first >= end) {
        throw CliException.usage(
            "--from " + from + " --to " + to + ": --to is exclusive and must be later than --from");
      }
      selection.setFromUs(first).setToUs(end);
    }
    return selection;
  }

  static long nowMicros() {
    return System.currentTimeMillis() * 1_000;
  }
}
