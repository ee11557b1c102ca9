package org.mesohub.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.QueryRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads rows. */
@Command(
    name = "get",
    description =
        "Read rows, in order of UTC day, network, station and time. Ranges are half-open: --to is excluded.")
final class GetCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin StaleOption stale = new StaleOption();
  @Mixin FilterOptions filter = new FilterOptions();

  @Option(
      names = "--as-of",
      paramLabel = "COMMIT",
      description = "Read what was visible at a commit.")
  long asOf;

  @Option(
      names = "--history",
      description = "Every version of each row, with its commit and source.")
  boolean history;

  @Option(names = "--limit", paramLabel = "N", description = "Stop after N rows.")
  long limit;

  @Option(names = "--count", description = "Print only the number of rows.")
  boolean count;

  @Option(
      names = {"--format", "-f"},
      paramLabel = "FORMAT",
      description = "csv (the default), json, ndjson or mesowest.")
  AnswerFormat format = AnswerFormat.csv;

  @Option(
      names = {"--output", "-o"},
      paramLabel = "FILE",
      description = "Write here instead of to standard output; the file appears when complete.")
  @Nullable Path output;

  @Option(names = "--rejects", description = "Rows that could not be read when they were put.")
  boolean rejects;

  @Option(
      names = "--put",
      paramLabel = "ID",
      description = "With --rejects: only those of one put.")
  String putId = "";

  @Option(
      names = {"--quiet", "-q"},
      description = "No progress.")
  boolean quiet;

  GetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (limit < 0 || asOf < 0) {
      throw CliException.usage("--limit and --as-of: expected a positive number");
    }
    if (!rejects && !putId.isEmpty()) {
      throw CliException.usage("--put goes with --rejects only");
    }
    QueryRequest query = query();
    try (NodeClient client = connection.connect(console)) {
      if (rejects) {
        RejectsListing.print(client, console, putId, limit);
      } else if (count) {
        try (var answer = RowsAnswer.open(client, ObservationServiceGrpcClient.Query, query)) {
          console.line(Long.toString(answer.header().getCount()));
        }
      } else if (output == null) {
        toConsole(client, query);
      } else {
        toFile(client, query, output);
      }
      return ExitCode.OK;
    }
  }

  private QueryRequest query() {
    return QueryRequest.newBuilder()
        .setSelection(filter.selection())
        .addAllVariables(filter.variables)
        .setUnits(filter.units)
        .setAsOfCommit(asOf)
        .setHistory(history)
        .setLimit(limit)
        .setCountOnly(count)
        .setMaxStalenessMs(stale.millis())
        .build();
  }

  private void toConsole(NodeClient client, QueryRequest query) {
    var writer = new AnswerWriter(format, history, console.out());
    try {
      write(client, query, writer, !console.outTerminal());
    } catch (IOException e) {
      throw new Console.BrokenPipe(e);
    } catch (CallException e) {
      throw incomplete(e, writer.rows());
    }
  }

  private void toFile(NodeClient client, QueryRequest query, Path target) {
    try (OutputFile file = OutputFile.create(target)) {
      write(client, query, new AnswerWriter(format, history, file.stream()), true);
      file.commit();
    } catch (IOException e) {
      throw new CliException(ExitCode.PARTIAL, "-o " + target + ": cannot be written: " + e);
    }
  }

  private void write(
      NodeClient client, QueryRequest query, AnswerWriter writer, boolean showProgress)
      throws IOException {
    try (RowsAnswer answer = RowsAnswer.open(client, ObservationServiceGrpcClient.Query, query);
        var meter =
            new ProgressMeter(
                console,
                showProgress && !quiet,
                seconds -> Progress.download(writer.rows(), seconds))) {
      writer.write(answer);
      if (showProgress && !quiet && console.errTerminal()) {
        double seconds = meter.seconds();
        meter.aside(() -> console.message(Progress.download(writer.rows(), seconds)));
      }
    }
  }

  private static RuntimeException incomplete(CallException e, long rows) {
    return rows == 0
        ? e
        : new CliException(
            e.exitCodeOfRead(),
            "INCOMPLETE after " + Numbers.grouped(rows) + " rows: " + e.getMessage());
  }
}
