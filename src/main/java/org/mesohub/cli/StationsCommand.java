package org.mesohub.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.StationInfo;
import org.mesohub.proto.v1.StationsRequest;
import org.mesohub.proto.v1.StationsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists stations. */
@Command(
    name = "stations",
    description =
        "List stations with rows or in a station list that was put: where they are, since when they"
            + " have rows, how many, and what the list says.")
final class StationsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin StaleOption stale = new StaleOption();

  @Option(
      names = {"--network", "-n"},
      paramLabel = "ID",
      split = ",",
      description = "Only of these networks.")
  java.util.List<String> networks = new java.util.ArrayList<>();

  @Option(
      names = {"--station", "-s"},
      paramLabel = "ID",
      split = ",",
      description = "Only these stations.")
  java.util.List<String> stations = new java.util.ArrayList<>();

  @Option(names = "--bbox", paramLabel = "W,S,E,N", description = "Only inside, in degrees.")
  @Nullable String bbox;

  @Option(
      names = {"--format", "-f"},
      paramLabel = "FORMAT",
      description = "table (the default on a terminal) or csv.")
  @Nullable String format;

  StationsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var request = StationsRequest.newBuilder().addAllNetworks(networks).addAllStations(stations);
    if (bbox != null) {
      request.setBbox(BboxArgument.parse(bbox));
    }
    var listing =
        new Listing(
            console,
            format,
            "network",
            "station",
            "latitude",
            "longitude",
            "elevation_m",
            "first",
            "last",
            "rows",
            "name",
            "state",
            "country",
            "source");
    try (NodeClient client = connection.connect(console);
        var answer =
            AnswerReader.open(
                client,
                ObservationServiceGrpcClient.Stations,
                request.setMaxStalenessMs(stale.millis()).build())) {
      for (StationsResponse some = answer.next(); some != null; some = answer.next()) {
        some.getStationsList().forEach(station -> listing.row(cells(station)));
      }
    }
    console.print(listing.render());
    return ExitCode.OK;
  }

  private static String[] cells(StationInfo s) {
    return new String[] {
      s.getStation().getNetwork(),
      s.getStation().getId(),
      s.getLatitude(),
      s.getLongitude(),
      s.getElevationM(),
      s.getRows() == 0 ? "" : Csv.time(s.getFirstUs()),
      s.getRows() == 0 ? "" : Csv.time(s.getLastUs()),
      Long.toString(s.getRows()),
      s.getName(),
      s.getState(),
      s.getCountry(),
      s.getSource()
    };
  }
}
