package org.mesohub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.mesohub.format.GeneratedParts;
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

  /** Rows of a file under --rows alone: about as many as a real snapshot has. */
  private static final int ROWS_PER_FILE = 50_000;

  /** More would be more bytes than an array holds. */
  private static final int ROWS_PER_FILE_MAX = 10_000_000;

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
  @Nullable Integer days;

  @Option(names = "--hours", paramLabel = "N", description = "Hours, instead of days.")
  @Nullable Integer hours;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "Exactly so many rows, in files of 50,000 or of --rows-per-file; with --days or --hours"
              + " at most. About 52,000 an hour by default.")
  @Nullable Long rows;

  @Option(
      names = "--rows-per-file",
      paramLabel = "N",
      description = "Files of so many rows, whatever the hour; for loads of a certain size.")
  @Nullable Integer rowsPerFile;

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

  private long rowsWritten;
  private long filesWritten;

  @Mixin Quiet quiet = new Quiet();

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    check();
    var generator = new MesoWestGenerator(plan());
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw CliException.usage("-o " + output + ": not a folder that can be written: " + e);
    }
    if (rows != null || rowsPerFile != null) {
      writeParts(generator);
    } else {
      writeHours(generator);
    }
    if (!quiet.quiet) {
      console.line(
          Numbers.grouped(rowsWritten)
              + (rowsWritten == 1 ? " row in " : " rows in ")
              + Numbers.grouped(filesWritten)
              + (filesWritten == 1 ? " file in " : " files in ")
              + output);
    }
    return ExitCode.OK;
  }

  private void check() {
    if (stations < 1 || stations > STATIONS_MAX) {
      throw CliException.usage("expected --stations from 1 to " + STATIONS_MAX);
    }
    if (hours != null && days != null) {
      throw CliException.usage("--hours or --days, not both");
    }
    if (hours() < 1 || hours() > (long) DAYS_MAX * HOURS_PER_DAY) {
      throw CliException.usage("expected 1 hour to " + DAYS_MAX + " days");
    }
    if (daily && (hours != null || rows != null || rowsPerFile != null)) {
      throw CliException.usage("--daily goes with --days only");
    }
    if ((rows != null && rows < 1)
        || (rowsPerFile != null && (rowsPerFile < 1 || rowsPerFile > ROWS_PER_FILE_MAX))) {
      throw CliException.usage(
          "expected --rows from 1 on, --rows-per-file from 1 to " + ROWS_PER_FILE_MAX);
    }
  }

  private long hours() {
    return hours != null ? hours : (days == null ? 1 : days) * (long) HOURS_PER_DAY;
  }

  private void writeHours(MesoWestGenerator generator) throws IOException {
    long files = daily ? hours() / HOURS_PER_DAY : hours();
    for (long i = 0; i < files; i++) {
      write(daily ? generator.nextDay() : generator.nextHour());
    }
  }

  private void writeParts(MesoWestGenerator generator) throws IOException {
    boolean open = rows != null && hours == null && days == null;
    var parts =
        new GeneratedParts(
            generator,
            rowsPerFile == null ? ROWS_PER_FILE : rowsPerFile,
            open ? Long.MAX_VALUE : hours(),
            rows == null ? Long.MAX_VALUE : rows);
    for (MesoWestGenerator.File file = parts.next(); file.rows() > 0; file = parts.next()) {
      write(file);
    }
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
    filesWritten++;
    rowsWritten += file.rows();
  }
}
