package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real processes: the leader is killed, another goes on, and the killed one comes back. */
class FailoverIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path folder;

  private final List<String> arguments = new ArrayList<>();
  private final Voter[] voters = new Voter[3];

  @AfterEach
  void stop() throws Exception {
    for (Voter voter : voters) {
      if (voter != null) {
        voter.kill();
      }
    }
  }

  @Test
  @Tag("slow")
  void twentyKillsOfTheLeader() throws Exception {
    print("kill -9 of the leader to the next commit", failovers(20));
  }

  /** Prints commits a second by the number of clients, and memory when idle. */
  @Test
  @Tag("slow")
  void commitsPerSecond() throws Exception {
    startAll();
    Voter leader = awaitWriter(voter -> true);
    for (Voter voter : voters) {
      voter.order("pause");
    }
    Thread.sleep(5_000);
    for (Voter voter : voters) {
      System.out.println("resident, idle: " + voter.residentKb() / 1024 + " MB");
    }
    for (int round = 0; round < 3; round++) {
      for (int clients : new int[] {1, 16, 128}) {
        leader.order("bench " + clients + " 8");
        System.out.println(leader.awaitBench());
      }
    }
    for (Voter voter : voters) {
      System.out.println("resident, after load: " + voter.residentKb() / 1024 + " MB");
    }
  }

  private List<Long> failovers(int kills) throws Exception {
    startAll();
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      Voter leader = awaitWriter(voter -> true);
      Thread.sleep(1_000);
      long killed = System.nanoTime();
      leader.kill();
      Voter next = awaitWriter(voter -> voter != leader && voter.lastAckNanos > killed);
      millis.add((next.lastAckNanos(killed) - killed) / 1_000_000);
      assertThat(next.term).as("term of the new leader").isGreaterThan(leader.term);
      start(leader.number);
      Voter again = voters[leader.number - 1];
      await("node up again", () -> again.up);
      Thread.sleep(1_500);
    }
    return millis;
  }

  private static void print(String what, List<Long> millis) {
    List<Long> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    System.out.printf(
        "%s: median %d ms, max %d ms, all %s%n",
        what, sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1), millis);
  }

  private void startAll() throws IOException {
    for (int i = 0; i < 6; i++) {
      arguments.add(Integer.toString(Trio.freePort()));
    }
    for (int number = 1; number <= 3; number++) {
      start(number);
    }
  }

  private void start(int number) throws IOException {
    voters[number - 1] = new Voter(number, folder.resolve("n" + number), arguments);
  }

  private Voter awaitWriter(Predicate<Voter> condition) throws Exception {
    await("a commit", () -> writer(condition).isPresent());
    return writer(condition).orElseThrow();
  }

  private Optional<Voter> writer(Predicate<Voter> condition) {
    return List.of(voters).stream()
        .filter(voter -> voter.process.isAlive() && voter.lastAckNanos > 0)
        .filter(condition)
        .max((a, b) -> Long.compare(a.lastAckNanos, b.lastAckNanos));
  }

  private static void await(String what, java.util.function.BooleanSupplier condition)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s in time", what).isLessThan(deadline);
      Thread.sleep(1);
    }
  }

  /** A process of {@link LogNode} and what it has printed. */
  private static final class Voter {
    final int number;
    final Process process;
    private final Map<Long, Long> firstAckNanos = new ConcurrentHashMap<>();
    volatile boolean up;
    volatile long term;
    volatile long lastAckNanos;
    private volatile String bench = "";

    Voter(int number, Path folder, List<String> ports) throws IOException {
      this.number = number;
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=64m"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(LogNode.class.getName(), Integer.toString(number), folder.toString()));
      command.addAll(ports);
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      Thread reader = new Thread(this::read);
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.startsWith("up")) {
            up = true;
          } else if (line.startsWith("ack") && line.endsWith(".")) {
            term = Long.parseLong(line.split(" ")[1]);
            long now = System.nanoTime();
            firstAckNanos.putIfAbsent(term, now);
            lastAckNanos = now;
          } else if (line.startsWith("bench")) {
            bench = line;
          }
        }
      } catch (IOException e) {
        // killed
      }
    }

    /** The first acknowledgement of its present term. */
    long lastAckNanos(long since) {
      return firstAckNanos.values().stream()
          .filter(nanos -> nanos > since)
          .min(Long::compare)
          .orElse(lastAckNanos);
    }

    void order(String line) throws IOException {
      OutputStream in = process.getOutputStream();
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    }

    String awaitBench() throws Exception {
      await("the figures", () -> !bench.isEmpty());
      String line = bench;
      bench = "";
      return line;
    }

    long residentKb() throws IOException {
      return java.nio.file.Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))
          .stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
