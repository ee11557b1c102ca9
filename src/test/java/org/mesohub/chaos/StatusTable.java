package org.mesohub.chaos;

import java.nio.file.Path;
import java.util.List;

/**
 * Prints what the nodes of a test cluster say of themselves. Arguments: the file of members, and
 * optionally for how many seconds to wait until they agree on a leader. Ends with 1 when they do
 * not.
 */
final class StatusTable {
  private StatusTable() {}

  public static void main(String[] args) throws Exception {
    long giveUp =
        System.nanoTime() + (args.length > 1 ? Long.parseLong(args[1]) : 0) * 1_000_000_000L;
    boolean agree;
    try (var members = new Members(Path.of(args[0]), System.getenv("MESOHUB_TOKEN"))) {
      List<Members.Said> said = members.ask();
      while (!Members.agree(said) && System.nanoTime() < giveUp) {
        Thread.sleep(100);
        said = members.ask();
      }
      print(said);
      agree = Members.agree(said);
    }
    System.exit(agree ? 0 : 1);
  }

  private static void print(List<Members.Said> all) {
    String format = "%-6s %-22s %-12s %6s %-8s %10s %10s %10s %12s%n";
    System.out.printf(
        format, "node", "address", "role", "term", "leader", "log", "applied", "commit", "rows");
    for (Members.Said said : all) {
      var status = said.status();
      if (status == null) {
        System.out.printf(
            "%-6s %-22s %s%n", said.member().id(), said.member().address(), said.problem());
      } else {
        System.out.printf(
            format,
            said.member().id(),
            said.member().address(),
            status.getRole(),
            status.getTerm(),
            status.getLeader(),
            status.getCommitIndex(),
            status.getAppliedIndex(),
            status.getCommit(),
            status.getRows());
      }
    }
  }
}
