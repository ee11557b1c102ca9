package org.mesohub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.mesohub.format.MesoWestGenerator;
import org.mesohub.observation.Day;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Invents MesoWest files. */
@Command(
    name = "generate",
    description =
        "Invent MesoWest files that look like real ones. The same options give the same files.")
final class GenerateCommand implements Callable<Integer> {
  private static final int HOURS_PER_DAY = 24;
  private static final int DAYS_MAX = 36_525;
  private static final int STATIONS_MAX = 1_000_000;

  private final Console console;

  @Option(
      names = "--stations",
      paramLabel = "N",
      description = "Stations (default: 19397, as in a real snapshot).")
  int stations = MesoWestGenerator.Plan.DEFAULT.stations();

  @Option(
      names = "--networks",
      paramLabel = "N",
      description = "Networks (default: 142, or as many as stations).")
  int networks = -1;

  @Option(names = "--days", paramLabel = "N", description = "Days (default: 1).")
  int days = 1;

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "First UTC day (default: 2018-03-16).")
  String from = MesoWestGenerator.Plan.DEFAULT.firstDay().toString();

  @Option(
      names = "--interval",
      paramLabel = "MINUTES",
      description =
          "Minutes between the reports of every station (default: 0, the mix of a real snapshot).")
  int intervalMinutes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Other seed, other weather (default: 1).")
  long seed = 1;

  @Option(names = "--daily", description = "One file a day (default: one an hour).")
  boolean daily;

  @Option(names = "--gzip", description = "Compress the files.")
  boolean gzip;

  @Option(
      names = {"--output", "-o"},
      paramLabel = "FOLDER",
      description = "Where to write (default: here).")
  Path output = Path.of(".");

  @Mixin Quiet quiet = new Quiet();

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (days < 1 || days > DAYS_MAX || stations < 1 || stations > STATIONS_MAX) {
      throw CliException.usage(
          "expected --days from 1 to " + DAYS_MAX + ", --stations from 1 to " + STATIONS_MAX);
    }
    var generator = new MesoWestGenerator(plan());
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw CliException.usage("-o " + output + ": not a folder that can be written: " + e);
    }
    int files = daily ? days : days * HOURS_PER_DAY;
    long rows = 0;
    for (int i = 0; i < files; i++) {
      MesoWestGenerator.File file = daily ? generator.nextDay() : generator.nextHour();
      write(file);
      rows += file.rows();
    }
    if (!quiet.quiet) {
      console.line(
          Numbers.grouped(rows) + " rows in " + Numbers.grouped(files) + " files in " + output);
    }
    return ExitCode.OK;
  }

  private MesoWestGenerator.Plan plan() {
    int among =
        networks >= 0 ? networks : Math.min(stations, MesoWestGenerator.Plan.DEFAULT.networks());
    Day first = Day.of(TimeArgument.parse("--from", from, SelectionOptions.nowMicros()));
    try {
      return new MesoWestGenerator.Plan(seed, stations, among, first, intervalMinutes);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
  }

  private void write(MesoWestGenerator.File file) throws IOException {
    try (OutputFile target = OutputFile.create(output.resolve(file.name() + (gzip ? ".gz" : "")))) {
      OutputStream out = gzip ? new GZIPOutputStream(target.stream()) : target.stream();
      out.write(file.bytes());
      out.close();
      target.commit();
    }
  }
}
