package org.mesohub.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.mesohub.proto.v1.ClusterStatusResponse;
import org.mesohub.proto.v1.LeaderChange;
import org.mesohub.proto.v1.MemberStatus;

/** The members of a cluster as a table for terminals. */
final class ClusterTable {
  /** Changes of the leader that are shown. */
  private static final int LEADERS_SHOWN = 5;

  private static final String UNKNOWN = "?";

  private ClusterTable() {}

  static String render(ClusterStatusResponse status) {
    var table = new TextTable(true);
    table.row(
        "member", "role", "seen", "applied", "lag", "chunks", "bytes", "free", "version",
        "address");
    for (MemberStatus member : status.getMembersList()) {
      table.row(
          member.getId(),
          role(member),
          seen(member),
          number(member.getAppliedIndex()),
          number(member.getLag()),
          number(member.getChunks()),
          bytes(member.getChunkBytes()),
          bytes(member.getFreeBytes()),
          member.getVersion().isEmpty() ? UNKNOWN : member.getVersion(),
          member.getPublicAddress());
    }
    var out = new StringBuilder("\n").append(table.render());
    if (status.getUnderReplicatedChunks() > 0) {
      out.append(Numbers.grouped(status.getUnderReplicatedChunks()))
          .append(" chunks have fewer copies than wanted\n");
    }
    status.getLeadersList().stream()
        .limit(LEADERS_SHOWN)
        .forEach(change -> out.append(line(change)));
    return out.toString();
  }

  private static String role(MemberStatus member) {
    return (member.getRole().isEmpty()
            ? UNKNOWN
            : member.getRole().toLowerCase(java.util.Locale.ROOT))
        + (member.getContact() ? "" : ", no contact")
        + (member.getLeaving() ? ", leaving" : "")
        + (member.getVoter() ? "" : ", no vote");
  }

  private static String seen(MemberStatus member) {
    long millis = member.getLastContactMs();
    String ago = millis < 0 ? "never" : millis == 0 ? "now" : millis + " ms ago";
    return member.getReachable() ? ago : "away, " + (millis < 0 ? "never seen" : "seen " + ago);
  }

  private static String number(long number) {
    return number < 0 ? UNKNOWN : Numbers.grouped(number);
  }

  private static String bytes(long bytes) {
    return bytes < 0 ? UNKNOWN : bytes == Long.MAX_VALUE ? "unlimited" : Numbers.bytes(bytes);
  }

  private static String line(LeaderChange change) {
    Instant when =
        Instant.EPOCH.plus(change.getTimeUs(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
    return "term " + change.getTerm() + ": " + change.getNode() + " leads since " + when + "\n";
  }
}
