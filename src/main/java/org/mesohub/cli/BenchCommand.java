package org.mesohub.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mesohub.config.Units;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a node under a load that arrives at a constant rate. */
@Command(
    name = "bench",
    description = {
      "Measure a node under requests that arrive at a constant rate, whether or not it keeps up.",
      "Latencies run from when a request was due. Reads ask for what the node has; puts add rows to network 'bench'."
    })
final class BenchCommand implements Callable<Integer> {
  private static final double RATE_MAX = 1e6;
  private static final int ROWS_MAX = 65_536;

  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--rate",
      paramLabel = "PER_SECOND",
      description = "Arrivals per second (default: 100).")
  double rate = 100;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      description = "What is counted (default: 30s).")
  String duration = "30s";

  @Option(
      names = "--warmup",
      paramLabel = "DURATION",
      description = "Before that, not counted (default: 5s).")
  String warmup = "5s";

  @Option(
      names = "--mix",
      paramLabel = "OP=WEIGHT,...",
      description =
          "put, station (one station, one day), hour (all stations), range (one network, 3 days), latest; get = station 8, hour 1, range 1 (default: put=10,get=90).")
  String mix = "put=10,get=90";

  @Option(names = "--put-rows", paramLabel = "N", description = "Rows of each put (default: 1000).")
  int putRows = 1_000;

  @Option(
      names = "--put-from",
      paramLabel = "TIME",
      description =
          "Time of the first put's rows; each next put is a minute later (default: now-1d).")
  String putFrom = "now-1d";

  @Option(
      names = "--max-in-flight",
      paramLabel = "N",
      description = "Most requests running at once (default: 1000).")
  int inFlightMax = 1_000;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the choices (default: 1).")
  long seed = 1;

  @Option(
      names = "--hdr",
      paramLabel = "FILE",
      description = "Write the latencies as an HdrHistogram log.")
  @Nullable Path hdr;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!(rate > 0 && rate <= RATE_MAX) || inFlightMax < 1 || putRows < 1 || putRows > ROWS_MAX) {
      throw CliException.usage(
          "expected --rate above 0 to 1000000, --max-in-flight from 1, --put-rows from 1 to 65536");
    }
    Duration counted = duration("--duration", duration);
    Duration warm = duration("--warmup", warmup);
    BenchMix operations = BenchMix.parse(mix);
    long putFromMicros = TimeArgument.parse("--put-from", putFrom, SelectionOptions.nowMicros());
    try (NodeClient client = connection.connect(console)) {
      BenchTargets targets = BenchTargets.of(client);
      if (operations.reads() && targets.isEmpty()) {
        throw CliException.usage(
            "the node has no rows to read: put some first, or use --mix put=1");
      }
      long startMillis = System.currentTimeMillis();
      BenchRun run = run(client, targets, operations, putFromMicros, warm, counted);
      console.line(
          "mix "
              + operations
              + "; "
              + rate
              + "/s due for "
              + Units.formatDuration(counted)
              + " after "
              + Units.formatDuration(warm)
              + " of warm-up");
      console.print(run.report());
      if (hdr != null) {
        run.stats().writeLog(hdr, startMillis + warm.toMillis(), System.currentTimeMillis());
      }
      return run.stats().failed() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
    }
  }

  private BenchRun run(
      NodeClient client,
      BenchTargets targets,
      BenchMix operations,
      long putFromMicros,
      Duration warm,
      Duration counted) {
    var random = new Random(seed);
    var rows = new BenchRows(putRows, putFromMicros, seed, "bench-" + java.util.UUID.randomUUID());
    long start = System.nanoTime();
    Duration whole = warm.plus(counted);
    var schedule = new OpenLoop(rate, start, whole.toNanos(), inFlightMax);
    var run =
        new BenchRun(
            client.vertx(),
            new BenchOperations(client, targets, rows, random),
            operations,
            random,
            schedule,
            start + warm.toNanos(),
            start + whole.plus(client.silenceMax()).toNanos());
    try (var meter =
        new ProgressMeter(
            console,
            true,
            seconds ->
                Numbers.duration((long) seconds)
                    + "  "
                    + Numbers.grouped(run.stats().succeeded())
                    + " done, "
                    + run.stats().failed()
                    + " failed, "
                    + run.inFlight()
                    + " running")) {
      client.await(run.start(), whole.plus(client.silenceMax().multipliedBy(3)));
    }
    return run;
  }

  private static Duration duration(String option, String text) {
    return Units.duration(text)
        .orElseThrow(
            () ->
                CliException.usage(
                    option + " '" + text + "': expected a duration such as 30s or 5m"));
  }
}
