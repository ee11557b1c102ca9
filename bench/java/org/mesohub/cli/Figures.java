package org.mesohub.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects figures and prints them as Markdown. */
final class Figures {
  private final List<String> lines = new ArrayList<>();

  Figures() {
    lines.add("| measure | Mesohub | PostgreSQL | DuckDB | bar | reached |");
    lines.add("|---|---|---|---|---|---|");
  }

  /** Durations in nanoseconds; the first was cold, and the first few warm up and do not count. */
  static final class Series {
    final List<Long> nanos = new ArrayList<>();
    private final int warmUp;

    Series() {
      this(1);
    }

    Series(int warmUp) {
      this.warmUp = warmUp;
    }

    void time(Timed work) throws Exception {
      long start = System.nanoTime();
      work.run();
      nanos.add(System.nanoTime() - start);
    }

    private long[] warm() {
      long[] warm =
          nanos.stream()
              .skip(Math.min(warmUp, nanos.size() - 1))
              .mapToLong(Long::longValue)
              .toArray();
      Arrays.sort(warm);
      return warm;
    }

    double median() {
      long[] warm = nanos.isEmpty() ? new long[0] : warm();
      return warm.length == 0 ? Double.NaN : warm[warm.length / 2] / 1e6;
    }

    /** Median (least–greatest; cold first) in milliseconds. */
    String text() {
      if (nanos.isEmpty()) {
        return "–";
      }
      long[] warm = warm();
      return String.format(
          Locale.ROOT,
          "**%s ms** (%s–%s; first %s)",
          ms(median()),
          ms(warm[0] / 1e6),
          ms(warm[warm.length - 1] / 1e6),
          ms(nanos.get(0) / 1e6));
    }
  }

  /** Work that is timed. */
  interface Timed {
    void run() throws Exception;
  }

  static String ms(double ms) {
    return String.format(Locale.ROOT, ms < 10 ? "%.2f" : ms < 100 ? "%.1f" : "%.0f", ms);
  }

  static String mib(double bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (1 << 20));
  }

  void row(String measure, String node, String pg, String duck, String bar, @Nullable Boolean ok) {
    String line =
        "| "
            + String.join(" | ", measure, node, pg, duck, bar, ok == null ? "" : ok ? "yes" : "**no**")
            + " |";
    System.err.println(line);
    lines.add(line);
  }

  /** A row whose bar is a multiple of the speed of the others. */
  void speed(String measure, Series node, Series pg, Series duck, double pgBar, double duckBar) {
    double overPg = pg.median() / node.median();
    double overDuck = duck.median() / node.median();
    var bar = new ArrayList<String>();
    boolean ok = true;
    if (pgBar > 0) {
      bar.add(String.format(Locale.ROOT, "≥ %.0f × PG: %.2f", pgBar, overPg));
      ok &= overPg >= pgBar;
    }
    if (duckBar > 0) {
      bar.add(String.format(Locale.ROOT, "≥ %.0f × DuckDB: %.2f", duckBar, overDuck));
      ok &= overDuck >= duckBar;
    }
    row(measure, node.text(), pg.text(), duck.text(), String.join("; ", bar), ok);
  }

  String markdown() {
    return String.join("\n", lines) + "\n";
  }
}
