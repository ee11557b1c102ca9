package org.mesohub;

import org.mesohub.cli.Cli;
import org.mesohub.cli.Console;

/** The program: a node, or a client of one. */
public final class Mesohub {
  private Mesohub() {}

  public static void main(String[] args) {
    int code = Cli.run(args, Console.system());
    if (code != Cli.STILL_RUNNING) {
      System.exit(code);
    }
  }
}
