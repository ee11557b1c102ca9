package org.mesohub.chaos;

import java.nio.file.Path;

/**
 * Checks a recorded history: the file is the only argument. Ends with 1 when something is wrong.
 */
final class CheckTool {
  private CheckTool() {}

  public static void main(String[] args) throws Exception {
    Verdict verdict = HistoryChecker.check(HistoryFile.read(Path.of(args[0])));
    System.out.println(verdict);
    System.exit(verdict.isGood() ? 0 : 1);
  }
}
