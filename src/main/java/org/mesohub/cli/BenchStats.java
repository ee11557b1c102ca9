package org.mesohub.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** What a load test measured. Not thread-safe. */
final class BenchStats {
  /** Two digits more than anybody reads. */
  private static final int DIGITS = 3;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9, 100};

  private final Map<String, Histogram> latencies = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();
  private long succeeded;
  private long failed;
  private long rowsRead;
  private long rowsPut;

  /** A request that succeeded; latency from when it was due. */
  void success(BenchMix.Op op, long latencyNanos, long rows) {
    succeeded++;
    if (op == BenchMix.Op.put) {
      rowsPut += rows;
    } else {
      rowsRead += rows;
    }
    for (String series : new String[] {op.name(), "all"}) {
      latencies
          .computeIfAbsent(series, s -> new Histogram(DIGITS))
          .recordValue(Math.max(0, latencyNanos));
    }
  }

  /** A request that failed; its latency is not mixed with those of the others. */
  void failure(BenchMix.Op op, String status) {
    failed++;
    failures.merge(op + " " + status, 1L, Long::sum);
  }

  long succeeded() {
    return succeeded;
  }

  long failed() {
    return failed;
  }

  /**
   * The result for people.
   *
   * @param seconds time from the first request that counted to the end of the last
   */
  String report(double seconds, long late, long abandoned) {
    var out = new StringBuilder();
    line(
        out,
        "%,d done in %.1f s: %.1f/s, %,.0f rows/s put, %,.0f rows/s read",
        succeeded,
        seconds,
        succeeded / seconds,
        rowsPut / seconds,
        rowsRead / seconds);
    line(
        out,
        "%,d failed, %,d waited for a place (raise --max-in-flight, or the node is too slow), %,d never started",
        failed,
        late,
        abandoned);
    failures.forEach((what, times) -> line(out, "  %,d x %s", times, what));
    var table = new TextTable(true);
    table.row("ms from due to done", "count", "p50", "p90", "p95", "p99", "p99.9", "max");
    latencies.forEach(
        (series, histogram) -> {
          var cells = new String[2 + PERCENTILES.length];
          cells[0] = series;
          cells[1] = Long.toString(histogram.getTotalCount());
          for (int i = 0; i < PERCENTILES.length; i++) {
            double millis = histogram.getValueAtPercentile(PERCENTILES[i]) / NANOS_PER_MILLI;
            cells[2 + i] = String.format(Locale.ROOT, "%.2f", millis);
          }
          table.row(cells);
        });
    return out.append(table.render()).toString();
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Writes the histograms as an HdrHistogram log, one tagged line a series. */
  void writeLog(Path file, long startMillis, long endMillis) throws IOException {
    try (var out = new PrintStream(Files.newOutputStream(file), false, "UTF-8")) {
      var log = new HistogramLogWriter(out);
      log.outputLogFormatVersion();
      log.outputComment("[latencies in ns from when a request was due]");
      log.outputStartTime(startMillis);
      log.outputLegend();
      latencies.forEach(
          (series, histogram) -> {
            histogram.setTag(series);
            histogram.setStartTimeStamp(startMillis);
            histogram.setEndTimeStamp(endMillis);
            log.outputIntervalHistogram(histogram);
          });
      if (out.checkError()) {
        throw new IOException("cannot write " + file);
      }
    }
  }
}
