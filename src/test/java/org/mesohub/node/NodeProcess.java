package org.mesohub.node;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node with 512 MB of heap in a process of its own, which can be killed. */
final class NodeProcess implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("gRPC and HTTP on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final int port;

  /**
   * Starts it and waits until it listens.
   *
   * @param data its folder; the configuration is written beside it
   * @param more lines of configuration
   */
  NodeProcess(Path data, String more, String... jvm) throws Exception {
    Path config = data.resolveSibling(data.getFileName() + ".yaml");
    Files.writeString(config, "data: " + data + "\nlisten: 127.0.0.1:0\n" + more);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(List.of(jvm));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.mesohub.Mesohub", "serve", "--config", config.toString()));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    try {
      port = port(output);
    } catch (Exception e) {
      close();
      throw e;
    }
    // Or the pipe fills, and the node waits for it.
    Thread drain = new Thread(() -> output.lines().forEach(line -> {}), "drain");
    drain.setDaemon(true);
    drain.start();
  }

  private static int port(BufferedReader output) throws Exception {
    var said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
      said.append(line).append('\n');
    }
    throw new IllegalStateException("the node did not start: " + said);
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
