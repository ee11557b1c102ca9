package org.mesohub.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripts of a test cluster.
 *
 * @param folder where they are
 */
record Scripts(Path folder) {
  /**
   * Runs one and gives what it printed.
   *
   * @throws IllegalStateException when it ends with another code than 0
   */
  String run(String script, Object... words) {
    var command = new ArrayList<String>(List.of(folder.resolve(script).toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + text);
      }
      return text.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }
}
