package org.mesohub.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java process of the product with a small heap, its peak memory and the time it spends collecting. */
final class MeteredProcess {
  private static final Pattern PAUSE = Pattern.compile("Pause.* ([0-9.]+)ms");

  private final String name;
  private final Process process;
  private final Path gcLog;
  private volatile long peakKiB;
  private volatile double cpuSeconds;

  private MeteredProcess(String name, Process process, Path gcLog) {
    this.name = name;
    this.process = process;
    this.gcLog = gcLog;
    var watch = new Thread(this::watch, "watch-" + name);
    watch.setDaemon(true);
    watch.start();
  }

  /** Standard error goes to a log beside the collector's; the caller has the other two. */
  static MeteredProcess start(
      Path folder, String name, String heap, List<String> jvm, List<String> words)
      throws IOException {
    Path gcLog = folder.resolve(name + ".gc");
    var command = new ArrayList<String>(List.of("java", "-Xmx" + heap, "-Xlog:gc:file=" + gcLog));
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(jvm);
    command.addAll(words);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return new MeteredProcess(name, process, gcLog);
  }

  Process process() {
    return process;
  }

  private void watch() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      while (process.isAlive()) {
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .forEach(line -> peakKiB = Long.parseLong(line.replaceAll("[^0-9]", "")));
        process.info().totalCpuDuration().ifPresent(cpu -> cpuSeconds = cpu.toMillis() / 1e3);
        Thread.sleep(200);
      }
    } catch (IOException | InterruptedException e) {
      // It has ended between two looks.
    }
  }

  /** Waits for the end; throws unless it was a good one. */
  void end() throws InterruptedException {
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException(name + " ended with " + code + "; see its log");
    }
  }

  double cpuSeconds() {
    return cpuSeconds;
  }

  /** Milliseconds of all pauses so far. */
  double pausedMillis() throws IOException {
    double sum = 0;
    for (String line : Files.readAllLines(gcLog)) {
      Matcher pause = PAUSE.matcher(line);
      sum += pause.find() ? Double.parseDouble(pause.group(1)) : 0;
    }
    return sum;
  }

  /** Peak memory, time of the processor and time collecting. */
  String text() throws IOException {
    return String.format(
        Locale.ROOT,
        "%s: peak RSS %d MiB, CPU %.1f s, GC pauses %.1f s",
        name,
        peakKiB >> 10,
        cpuSeconds,
        pausedMillis() / 1e3);
  }
}
