package org.mesohub.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cli.NodeConnection;

/** The load and the checker of {@code test-cluster} with one real node that is killed amid puts. */
class LoadIT {
  private static final Load.Plan PLAN = new Load.Plan(1, 3, 3, 10, 10);
  private static final int PUTS = 20;

  /** Machines that test are busy. */
  private static final long PATIENCE_MILLIS = 120_000;

  @TempDir Path folder;
  private int port;
  private Process process;

  @BeforeEach
  void start() throws Exception {
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Files.writeString(
        folder.resolve("node.yaml"),
        "data: " + folder.resolve("data") + "\nlisten: 127.0.0.1:" + port + "\n");
    startNode();
  }

  @AfterEach
  void stop() throws Exception {
    process.destroyForcibly().waitFor();
  }

  @Test
  void a_killed_node_loses_nothing() throws Exception {
    Verdict verdict =
        judged(
            () -> {
              kill();
              startNode();
            });
    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.acknowledged()).isGreaterThanOrEqualTo(2 * PUTS);
    assertThat(verdict.reads()).isPositive();
  }

  @Test
  void a_node_that_wakes_up_in_the_past_is_found_out() throws Exception {
    Verdict verdict =
        judged(
            () -> {
              kill();
              delete(folder.resolve("data"));
              startNode();
            });
    assertThat(verdict.counts()).containsKeys(Violation.Rule.LOST, Violation.Rule.OUT_OF_ORDER);
  }

  private interface Happening {
    void run() throws Exception;
  }

  /** What is said of a history amid which something happens. */
  private Verdict judged(Happening happening) throws Exception {
    Path file = folder.resolve("history.ndjson");
    var node = new NodeConnection("127.0.0.1:" + port, null, Duration.ofSeconds(10));
    try (node;
        var history = new HistoryFile(file)) {
      var load = new Load(PLAN, List.of(node), history);
      load.start();
      await(load, PUTS);
      happening.run();
      await(load, load.acknowledged() + PUTS);
      load.stop();
      assertThat(load.readAll(PATIENCE_MILLIS)).as("all keys can be read").isTrue();
    }
    return HistoryChecker.check(HistoryFile.read(file));
  }

  private static void await(Load load, long puts) {
    long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (load.acknowledged() < puts) {
      assertThat(System.nanoTime()).as("%d puts acknowledged", puts).isLessThan(giveUp);
      Watch.pause(20);
    }
  }

  private void startNode() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-jar",
                System.getProperty("mesohub.jar"),
                "serve",
                "--config",
                folder.resolve("node.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("node.log").toFile()))
            .start();
  }

  private void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private static void delete(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
