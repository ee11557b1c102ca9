package org.mesohub.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Brings a command line into the order the parser wants. */
final class Arguments {
  /** Options with a value that may stand before the command. */
  private static final Set<String> GLOBAL = Set.of("--node", "--token", "--timeout");

  private Arguments() {}

  /** Moves global options behind the command; no arguments at all mean {@code serve}. */
  static List<String> commandFirst(String[] args, Set<String> commands) {
    if (args.length == 0) {
      return List.of("serve");
    }
    int at = 0;
    while (at < args.length && args[at].startsWith("--")) {
      if (GLOBAL.contains(args[at])) {
        at += 2;
      } else if (GLOBAL.contains(args[at].replaceFirst("=.*", ""))) {
        at++;
      } else {
        break;
      }
    }
    if (at == 0 || at >= args.length || !commands.contains(args[at])) {
      return List.of(args);
    }
    var ordered = new ArrayList<String>();
    ordered.add(args[at]);
    ordered.addAll(Arrays.asList(args).subList(0, at));
    ordered.addAll(Arrays.asList(args).subList(at + 1, args.length));
    return ordered;
  }
}
