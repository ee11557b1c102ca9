package org.mesohub.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PeerOutcome;
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
  @Mixin ScopeOption scope = new ScopeOption();
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
          answer.next(); // no rows, but what came of other clusters
          return PeerNotes.tell(console, answer.peers(), quiet);
        }
      } else {
        List<PeerOutcome> peers =
            output == null ? toConsole(client, query) : toFile(client, query, output);
        return PeerNotes.tell(console, peers, quiet);
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
        .setScope(scope.value())
        .build();
  }

  private List<PeerOutcome> toConsole(NodeClient client, QueryRequest query) {
    var writer = new AnswerWriter(format, history, console.out());
    try {
      return write(client, query, writer, !console.outTerminal());
    } catch (IOException e) {
      throw new Console.BrokenPipe(e);
    } catch (CallException e) {
      throw incomplete(e, writer.rows());
    }
  }

  private List<PeerOutcome> toFile(NodeClient client, QueryRequest query, Path target) {
    try (OutputFile file = OutputFile.create(target)) {
      List<PeerOutcome> peers =
          write(client, query, new AnswerWriter(format, history, file.stream()), true);
      file.commit();
      return peers;
    } catch (IOException e) {
      throw new CliException(ExitCode.PARTIAL, "-o " + target + ": cannot be written: " + e);
    }
  }

  private List<PeerOutcome> write(
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
      return answer.peers();
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
