package org.mesohub.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.LatestRequest;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads the latest row of each station. */
@Command(
    name = "latest",
    description =
        "Show the latest row of each station. Conditions apply before the latest is taken.")
final class LatestCommand implements Callable<Integer> {
  private static final String TABLE = "table";

  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin StaleOption stale = new StaleOption();
  @Mixin ScopeOption scope = new ScopeOption();
  @Mixin FilterOptions filter = new FilterOptions();

  @Option(
      names = {"--format", "-f"},
      paramLabel = "FORMAT",
      description =
          "table (the default on a terminal), csv (the default elsewhere), json, ndjson or mesowest.")
  @Nullable String format;

  LatestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String wanted =
        format != null ? format : console.outTerminal() ? TABLE : AnswerFormat.csv.name();
    AnswerFormat rows = wanted.equals(TABLE) ? null : parse(wanted);
    var request =
        LatestRequest.newBuilder()
            .setSelection(filter.selection())
            .addAllVariables(filter.variables)
            .setUnits(filter.units)
            .setMaxStalenessMs(stale.millis())
            .setScope(scope.value())
            .build();
    try (NodeClient client = connection.connect(console);
        RowsAnswer answer = RowsAnswer.open(client, ObservationServiceGrpcClient.Latest, request)) {
      if (rows == null) {
        console.print(AnswerTable.render(answer));
      } else {
        new AnswerWriter(rows, false, console.out()).write(answer);
      }
      return PeerNotes.tell(console, answer.peers(), true);
    } catch (IOException e) {
      throw new Console.BrokenPipe(e);
    }
  }

  private static AnswerFormat parse(String text) {
    try {
      return AnswerFormat.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(
          "--format " + text + ": expected table, csv, json, ndjson or mesowest");
    }
  }
}
