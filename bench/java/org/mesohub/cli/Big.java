package org.mesohub.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mesohub.format.MesoWestGenerator;
import org.mesohub.observation.Day;

/**
 * Puts much text through a small node and a small client, gets it back and compares. The text is
 * invented while it is sent and compared by sums, so that it is never on disk. Started by
 * bench/big.sh.
 */
public final class Big {
  /** Bytes of a record with its line end. */
  private static final int RECORD = 150;

  /** Full networks; few stations over ten years; one day, a report a minute. */
  enum Shape {
    FULL,
    YEARS,
    DAY
  }

  private static final Day FIRST = new Day(17_606);
  private static final int MINUTES = 1_440;
  private static final int YEARS_DAYS = 3_653;

  /** Records of a station and day, on average, with the mix of intervals of a real snapshot. */
  private static final double RECORDS_A_DAY = 65;

  private final Path jar = Path.of(System.getProperty("bench.jar"));
  private final Path work = Path.of(System.getProperty("bench.work"));
  private final String heap = System.getProperty("bench.heap");
  private final List<String> nodeJvm =
      List.of(System.getProperty("bench.jvm", "").trim().split(" +")).stream()
          .filter(word -> !word.isEmpty())
          .toList();
  private final long size;
  private final Shape shape;
  private final int puts;
  private final RecordSums source = new RecordSums(false);
  private int port;

  /** The file that is being sent, how much of it was, and the length of its heading. */
  private byte[] text = {};

  private int at;
  private int heading;
  private int hours;

  private Big(long size, Shape shape, int puts) {
    this.size = size;
    this.shape = shape;
    this.puts = puts;
  }

  public static void main(String[] args) throws Exception {
    Shape shape = Shape.valueOf(args[1].toUpperCase(Locale.ROOT));
    new Big(Long.parseLong(args[0]), shape, Integer.parseInt(args[2])).run();
    System.exit(0);
  }

  private void run() throws Exception {
    MeteredProcess node = startNode();
    put(node);
    System.out.println(node.text());
    status();
    get(node, "get");
    System.out.println(node.text());
    if (puts > 1) {
      compact(node);
      get(node, "get-compacted");
      System.out.println(node.text());
    }
    node.process().destroy();
    node.process().waitFor();
  }

  private MeteredProcess startNode() throws Exception {
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path config = work.resolve("node.yaml");
    Files.writeString(
        config, "data: " + work.resolve("data") + "\nlisten: 127.0.0.1:" + port + "\n");
    MeteredProcess node =
        MeteredProcess.start(
            work, "node", heap, nodeJvm, List.of("-jar", jar.toString(), "serve", "--config=" + config));
    while (node.process().isAlive()) {
      try (var socket = new Socket("127.0.0.1", port)) {
        System.out.println("node " + node.process().pid());
        return node;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException("the node did not start; see " + work.resolve("node.log"));
  }

  private MeteredProcess cli(String name, String... words) throws IOException {
    var all = new ArrayList<String>(List.of("-jar", jar.toString()));
    all.addAll(List.of(words));
    all.add("--node=127.0.0.1:" + port);
    return MeteredProcess.start(work, name, heap, List.of(), all);
  }

  private MesoWestGenerator generator() {
    int stations = MesoWestGenerator.Plan.DEFAULT.stations();
    int interval = 0;
    if (shape == Shape.DAY) {
      stations = (int) Math.max(1, size / RECORD / MINUTES);
      interval = 1;
    } else if (shape == Shape.YEARS) {
      stations = (int) Math.max(1, Math.round(size / RECORD / RECORDS_A_DAY / YEARS_DAYS));
    }
    return new MesoWestGenerator(
        new MesoWestGenerator.Plan(3, stations, Math.min(stations, 142), FIRST, interval));
  }

  private void put(MeteredProcess node) throws Exception {
    MesoWestGenerator generator = generator();
    long start = System.nanoTime();
    double paused = node.pausedMillis();
    double cpu = node.cpuSeconds();
    double waited = 0;
    String cliText = "";
    for (int put = 0; put < puts; put++) {
      MeteredProcess cli = cli("put", "put", "--timeout=10m", "-q", "-");
      try (OutputStream to = cli.process().getOutputStream()) {
        send(generator, (long) (size * (put + 1.0) / puts), to);
      }
      long sent = System.nanoTime();
      cli.end();
      waited += (System.nanoTime() - sent) / 1e9;
      cliText = cli.text();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "put %s of %s, %d puts: %,d rows, %d days in %.1f s (%,.0f rows/s, %.1f MB/s), %.1f s of it after the"
            + " last byte; node CPU %.1f s, GC %.1f s%n%s%n",
        shape,
        Figures.mib(source.bytes()),
        puts,
        source.rows(),
        source.days(),
        seconds,
        source.rows() / seconds,
        source.bytes() / seconds / 1e6,
        waited,
        node.cpuSeconds() - cpu,
        (node.pausedMillis() - paused) / 1e3,
        cliText);
  }

  /** Sends the text up to a position, cut between lines, with a heading of its own. */
  private void send(MesoWestGenerator generator, long until, OutputStream to) throws IOException {
    if (at > 0) {
      to.write(text, 0, heading);
    }
    while (source.bytes() < until) {
      if (at == text.length) {
        if (shape == Shape.DAY && ++hours > 24) {
          return;
        }
        text = generator.nextHour().bytes();
        at = 0;
        heading = heading(text);
      }
      int end = (int) Math.min(text.length, at + until - source.bytes());
      while (end < text.length && text[end - 1] != '\n') {
        end++;
      }
      source.take(text, at, end);
      to.write(text, at, end - at);
      at = end;
    }
  }

  /** Bytes before the first record. */
  private static int heading(byte[] text) {
    int line = 0;
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        if (i + 1 - line == RECORD) {
          return line;
        }
        line = i + 1;
      }
    }
    return 0;
  }

  private void get(MeteredProcess node, String name) throws Exception {
    long start = System.nanoTime();
    double paused = node.pausedMillis();
    double cpu = node.cpuSeconds();
    var answer = new RecordSums(true);
    MeteredProcess cli =
        cli(name, "get", "-q", "--timeout=10m", "--from=2000-01-01", "--to=2100-01-01", "--format=mesowest");
    answer.takeAll(cli.process().getInputStream());
    cli.end();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s: %,d rows in %.1f s (%,.0f rows/s, %.1f MB/s); node CPU %.1f s, GC %.1f s%n%s%n",
        name,
        answer.rows(),
        seconds,
        answer.rows() / seconds,
        answer.bytes() / seconds / 1e6,
        node.cpuSeconds() - cpu,
        (node.pausedMillis() - paused) / 1e3,
        cli.text());
    String difference = source.difference(answer);
    System.out.println(
        difference.isEmpty()
            ? "same: rows and sums of all " + source.days() + " days, keys ascend"
            : "DIFFERENT: " + difference);
    if (!difference.isEmpty()) {
      System.exit(1);
    }
  }

  private void status() throws Exception {
    MeteredProcess cli = cli("status", "status");
    String told = new String(cli.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    cli.end();
    System.out.println(told.trim() + "\ndata folder (du): " + Figures.mib(BenchFiles.du(work.resolve("data"))));
  }

  private void compact(MeteredProcess node) throws Exception {
    long start = System.nanoTime();
    double cpu = node.cpuSeconds();
    MeteredProcess cli = cli("compact", "compact", "--timeout=60m");
    String told = new String(cli.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    cli.end();
    System.out.printf(
        Locale.ROOT,
        "compact: %.1f s, node CPU %.1f s; %s%n",
        (System.nanoTime() - start) / 1e9,
        node.cpuSeconds() - cpu,
        told.trim().replace("\n", "; "));
    status();
  }
}
