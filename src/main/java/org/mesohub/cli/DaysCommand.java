package org.mesohub.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.v1.DayInfo;
import org.mesohub.proto.v1.DaysRequest;
import org.mesohub.proto.v1.DaysResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists days. */
@Command(name = "days", description = "List UTC days with rows.")
final class DaysCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin StaleOption stale = new StaleOption();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "First time (default: the first there is).")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "End time, exclusive (default: the last there is).")
  @Nullable String to;

  @Option(
      names = {"--format", "-f"},
      paramLabel = "FORMAT",
      description = "table (the default on a terminal) or csv.")
  @Nullable String format;

  DaysCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    long now = SelectionOptions.nowMicros();
    var request = DaysRequest.newBuilder();
    if (from != null || to != null) {
      request.setFromUs(
          from == null ? TimeRange.TIME_MIN_MICROS : TimeArgument.parse("--from", from, now));
      request.setToUs(to == null ? TimeRange.TIME_END_MICROS : TimeArgument.parse("--to", to, now));
    }
    var listing = new Listing(console, format, "day", "rows", "version", "networks");
    try (NodeClient client = connection.connect(console);
        var answer =
            AnswerReader.open(
                client,
                ObservationServiceGrpcClient.Days,
                request.setMaxStalenessMs(stale.millis()).build())) {
      for (DaysResponse some = answer.next(); some != null; some = answer.next()) {
        some.getDaysList().forEach(day -> add(listing, day));
      }
    }
    console.print(listing.render());
    return ExitCode.OK;
  }

  private static void add(Listing listing, DayInfo day) {
    String networks =
        listing.isTable()
            ? Integer.toString(day.getNetworksCount())
            : String.join(" ", day.getNetworksList());
    listing.row(
        day.getDay(), Long.toString(day.getRows()), Long.toString(day.getVersion()), networks);
  }
}
