package org.mesohub.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.mesohub.cli.BenchStore.Query;
import org.mesohub.cli.Figures.Series;
import org.mesohub.proto.v1.StatusResponse;

/**
 * Measures a node, PostgreSQL and DuckDB on the same rows, round by round in turn, so that a busy
 * machine is busy for all. Started by bench/run.sh.
 */
public final class EndToEnd {
  private static final long SEED = 7;
  private static final int FIRST_DAY = 16;
  private static final int EXPORTS = 5;

  /** Before a query is timed each store answers it so often, or for so long. */
  private static final int WARM_CALLS = 4_000;

  private static final long WARM_NANOS = 12_000_000_000L;
  private static final double MIB = 1 << 20;

  /** Stands for a store that does not take part. */
  private static final BenchStore NO_STORE = new NoStore();

  private final Path out = Path.of(System.getProperty("bench.out"));
  private final Path jar = Path.of(System.getProperty("bench.jar"));
  private final int rounds = Integer.getInteger("bench.rounds");
  private final int calls = Integer.getInteger("bench.calls");
  private final int warmUp = Integer.getInteger("bench.warmup");
  private final String recording = System.getProperty("bench.jfr", "");
  private final Set<String> parts = words("bench.parts");
  private final Set<String> stores = words("bench.stores");
  private final Path work = out.resolve("work");
  private final Figures figures = new Figures();
  private final List<Path> raw;
  private final List<Path> csv;
  private final List<Path> shuffled;
  private final List<Path> shuffledCsv;
  private long rows;

  private EndToEnd() throws IOException {
    int files = Integer.getInteger("bench.files");
    raw = BenchFiles.of(out.resolve("generated"), "201803" + FIRST_DAY, files);
    csv = BenchFiles.csv(raw, out.resolve("csv"));
    shuffled = BenchFiles.shuffled(raw, out.resolve("shuffled"), SEED);
    shuffledCsv = BenchFiles.csv(shuffled, out.resolve("shuffled-csv"));
  }

  public static void main(String[] args) throws Exception {
    QuietLogging.install();
    new EndToEnd().run();
    System.exit(0);
  }

  private void run() throws Exception {
    delete(work);
    Files.createDirectories(work);
    try (var pg = has("postgresql") ? SqlStore.postgres(System.getProperty("bench.pg")) : NO_STORE;
        var duck = has("duckdb") ? SqlStore.duck(work.resolve("duck.db")) : NO_STORE) {
      part("put", "put", () -> putRounds(pg, duck));
      if (List.of("get", "queries", "again", "heap", "disk").stream().anyMatch(parts::contains)) {
        try (var node = node("main")) {
          filled(node, pg, duck);
        }
      }
    }
    part("real", "real snapshot", this::real);
    System.out.print(save());
    delete(work);
  }

  private void filled(MesohubStore node, BenchStore pg, BenchStore duck) throws Exception {
    pg.fresh();
    duck.fresh();
    rows = node.putAll(raw);
    pg.putAll(csv);
    duck.putAll(csv);
    part("heap", "live heap", () -> heap(node));
    part("get", "full get", () -> exports(node, pg, duck));
    part("queries", "queries", () -> queries(node, pg, duck));
    part("again", "the same rows again", () -> again(node, pg, duck));
    if (duck instanceof SqlStore d) {
      part("disk", "disk", () -> disk(node, pg, d));
    }
  }

  private static Set<String> words(String property) {
    return Set.of(System.getProperty(property).split(","));
  }

  private boolean has(String store) {
    return stores.contains(store);
  }

  /** Times a store that takes part. */
  private void time(Series series, BenchStore store, Figures.Timed work) throws Exception {
    if (store != NO_STORE) {
      series.time(work);
    }
  }

  /** Runs one part; a failure becomes a row, and what was measured so far is kept on disk. */
  private void part(String key, String name, Figures.Timed work)
      throws IOException, InterruptedException {
    if (!parts.contains(key)) {
      return;
    }
    try {
      work.run();
    } catch (Exception e) {
      e.printStackTrace();
      figures.row(name, "failed: " + String.valueOf(e.getMessage()).split("\n")[0], "", "", "", false);
    }
    save();
  }

  private String save() throws IOException, InterruptedException {
    String text = heading() + "\n" + figures.markdown();
    Files.writeString(out.resolve("table.md"), text);
    return text;
  }

  private MesohubStore node(String name) throws Exception {
    List<String> jvm =
        recording.isEmpty()
            ? List.of()
            : List.of(
                "-XX:StartFlightRecording=settings=profile,filename="
                    + out.resolve(name + ".jfr"));
    return new MesohubStore(jar, work.resolve(name), out.resolve(name + ".log"), jvm);
  }

  /** A day a round for the node, an empty table a round for the others: the same for all. */
  private void putRounds(BenchStore pg, BenchStore duck) throws Exception {
    var ofNode = new Series(warmUp);
    var ofPg = new Series(warmUp);
    var ofDuck = new Series(warmUp);
    var cpu = new Series(warmUp);
    try (var node = node("put")) {
      for (int round = 0; round < warmUp + rounds; round++) {
        List<Path> day =
            BenchFiles.of(out.resolve("generated"), "201803" + (FIRST_DAY + round), raw.size());
        List<Path> dayCsv = BenchFiles.csv(day, out.resolve("csv"));
        pg.fresh();
        duck.fresh();
        long before = node.cpuNanos();
        ofNode.time(() -> rows = node.putAll(day));
        cpu.nanos.add(node.cpuNanos() - before);
        time(ofPg, pg, () -> pg.putAll(dayCsv));
        time(ofDuck, duck, () -> duck.putAll(dayCsv));
      }
    }
    figures.speed("put of " + raw.size() + " hourly files", ofNode, ofPg, ofDuck, 3, 1);
    figures.row("CPU time of the node in it", cpu.text(), "", "", "", null);
  }

  private void exports(MesohubStore node, BenchStore pg, BenchStore duck) throws Exception {
    var ofNode = new Series(warmUp);
    var ofPg = new Series(warmUp);
    var ofDuck = new Series(warmUp);
    for (int i = 0; i < warmUp + EXPORTS; i++) {
      ofNode.time(() -> node.export(work.resolve("node.csv")));
      time(ofPg, pg, () -> pg.export(work.resolve("pg.csv")));
      time(ofDuck, duck, () -> duck.export(work.resolve("duck.csv")));
    }
    figures.speed("full get as CSV", ofNode, ofPg, ofDuck, 3, 1);
  }

  private void queries(MesohubStore node, BenchStore pg, BenchStore duck) throws Exception {
    List<String> stations = stations();
    for (Query query : Query.values()) {
      Map<String, Series> series = Map.of("n", new Series(), "p", new Series(), "d", new Series());
      warm(query, stations, node, series.get("n"));
      warm(query, stations, pg, series.get("p"));
      warm(query, stations, duck, series.get("d"));
      var counts = new ArrayList<Long>();
      for (int call = 0; call < calls; call++) {
        String station = stations.get(call % stations.size());
        counts.clear();
        for (Map.Entry<String, BenchStore> one :
            List.of(
                Map.entry("n", (BenchStore) node), Map.entry("p", pg), Map.entry("d", duck))) {
          BenchStore store = one.getValue();
          time(series.get(one.getKey()), store, () -> counts.add(store.query(query, station)));
        }
        if (counts.stream().distinct().count() != 1) {
          System.err.println(query + " " + station + ": the stores answer different rows: " + counts);
        }
      }
      Series ofNode = series.get("n");
      String name = name(query) + " (" + counts.get(0) + " rows)";
      if (query == Query.STATION) {
        figures.row(
            name,
            ofNode.text(),
            series.get("p").text(),
            series.get("d").text(),
            "≤ 2 ms",
            ofNode.median() <= 2);
      } else {
        figures.speed(name, ofNode, series.get("p"), series.get("d"), 0, 1);
      }
    }
  }

  /** Times the first call, the cold one, and makes others that do not count. */
  private void warm(Query query, List<String> stations, BenchStore store, Series series)
      throws Exception {
    time(series, store, () -> store.query(query, stations.get(stations.size() - 1)));
    long start = System.nanoTime();
    for (int call = 0; call < WARM_CALLS && System.nanoTime() - start < WARM_NANOS; call++) {
      store.query(query, stations.get((calls + call) % stations.size()));
    }
  }

  private static String name(Query query) {
    return switch (query) {
      case STATION -> "one station, all times";
      case HOUR -> "one hour, all stations";
      case HOT -> "TMPF > 80 over everything";
      case LATEST -> "latest row of each station";
    };
  }

  private List<String> stations() throws IOException {
    try (Stream<String> lines = Files.lines(csv.get(0))) {
      var ids = new ArrayList<>(lines.map(l -> l.substring(0, l.indexOf(','))).distinct().toList());
      java.util.Collections.shuffle(ids, new Random(SEED));
      return ids;
    }
  }

  private void again(MesohubStore node, BenchStore pg, BenchStore duck) throws Exception {
    var ofNode = new Series();
    var ofPg = new Series();
    var ofDuck = new Series();
    var cpu = new Series();
    for (int i = 0; i <= rounds; i++) {
      long before = node.cpuNanos();
      ofNode.time(() -> node.againAll(shuffled));
      cpu.nanos.add(node.cpuNanos() - before);
      time(ofDuck, duck, () -> duck.againAll(shuffledCsv));
      if (i < 2) {
        time(ofPg, pg, () -> pg.againAll(shuffledCsv));
      }
    }
    figures.speed("the same rows again, shuffled", ofNode, ofPg, ofDuck, 0, 1);
    figures.row("CPU time of the node in it", cpu.text(), "", "", "", null);
  }

  private void heap(MesohubStore node) throws Exception {
    Path rowsOfFew = HeapPart.few(raw.get(0), work.resolve("few.mesowest.out"));
    try (var few = node("few")) {
      new HeapPart(node, few, work, figures).run(rowsOfFew, raw.size());
    }
  }

  private void disk(MesohubStore node, BenchStore pg, SqlStore duck) throws Exception {
    long ofPg = 0;
    if (pg instanceof SqlStore sql) {
      pg.fresh();
      pg.putAll(csv);
      ofPg = sql.number("SELECT pg_total_relation_size('obs')");
    }
    duck.run("CHECKPOINT");
    long ofDuck = Files.size(work.resolve("duck.db"));
    Path parquet = work.resolve("obs.parquet");
    duck.run(
        "COPY (SELECT * FROM obs ORDER BY station, time) TO '"
            + parquet
            + "' (FORMAT parquet, COMPRESSION zstd)");
    long ofParquet = Files.size(parquet);
    StatusResponse before = node.status();
    long duBefore = BenchFiles.du(work.resolve("main"));
    var compaction = new Series();
    compaction.time(node::compact);
    StatusResponse after = node.status();
    long duAfter = BenchFiles.du(work.resolve("main"));
    Files.writeString(out.resolve("disk.txt"), BenchFiles.listing(work.resolve("main")));
    figures.row(
        "stored bytes",
        String.format(
            Locale.ROOT,
            "before compaction %s (%.2f B a row), after %s (**%.2f B a row**)",
            Figures.mib(before.getChunkBytes()),
            before.getChunkBytes() / (double) rows,
            Figures.mib(after.getChunkBytes()),
            after.getChunkBytes() / (double) rows),
        ofPg == 0 ? "" : String.format(Locale.ROOT, "%s (%.1f B a row)", Figures.mib(ofPg), ofPg / (double) rows),
        String.format(
            Locale.ROOT,
            "Parquet zstd sorted %s (%.2f B a row); database file %s",
            Figures.mib(ofParquet),
            ofParquet / (double) rows,
            Figures.mib(ofDuck)),
        "≤ Parquet",
        after.getChunkBytes() <= ofParquet);
    double limit = 1.5 * after.getChunkBytes() + 16 * MIB;
    figures.row(
        "data folder (du)",
        "before compact " + Figures.mib(duBefore) + ", after " + Figures.mib(duAfter),
        "",
        "",
        "≤ 1.5 × stored + 16 MiB: " + Figures.mib(limit),
        duAfter <= limit);
    figures.row("compact", compaction.text(), "", "", "", null);
  }

  /** The real snapshot, copied to {@code raw.size()} hours with the least digit of numbers moved. */
  private void real() throws Exception {
    Path source = Path.of(System.getProperty("bench.shared"), "1.mesowest.out.gz");
    if (!Files.exists(source)) {
      System.err.println("no " + source + ": the row about the real snapshot is left out");
      return;
    }
    var series = new Series();
    long stored = 0;
    try (var node = node("real")) {
      List<Path> copies = RealCopies.make(source, work.resolve("copies"), raw.size());
      long start = System.nanoTime();
      stored = node.putAll(copies);
      series.nanos.add(System.nanoTime() - start);
      double before = node.status().getChunkBytes() / (double) stored;
      node.compact();
      double after = node.status().getChunkBytes() / (double) stored;
      figures.row(
          "real snapshot × " + raw.size() + ", jittered (" + stored + " rows)",
          String.format(
              Locale.ROOT, "put %s; before compaction %.2f B a row, after **%.2f**", series.text(), before, after),
          "",
          "",
          "≤ 10.5 B a row",
          after <= 10.5);
    }
  }

  private String heading() throws IOException, InterruptedException {
    String cpu =
        command("sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2").trim();
    String git = command("git", "rev-parse", "--short", "HEAD").trim();
    return String.format(
        Locale.ROOT,
        "%,d rows in %d files. %s, %d cores; load average at the end %s; Java %s; commit %s.%n"
            + "Times: median (least–greatest; cold first run) over %d rounds after %d to warm up, %d calls of each query after up to %d.%n",
        rows,
        raw.size(),
        cpu,
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[1],
        Runtime.version(),
        git,
        rounds,
        warmUp,
        calls,
        WARM_CALLS);
  }

  private static String command(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).start();
    try (var in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = in.readLine();
      process.waitFor();
      return line == null ? "unknown" : line;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
