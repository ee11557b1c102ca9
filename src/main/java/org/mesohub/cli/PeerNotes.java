package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import org.mesohub.proto.v1.PeerOutcome;

/** What came of other clusters that were asked, for people. */
final class PeerNotes {
  private PeerNotes() {}

  /** Whether rows may be missing. */
  static boolean isIncomplete(List<PeerOutcome> peers) {
    return peers.stream().anyMatch(PeerNotes::isIncomplete);
  }

  private static boolean isIncomplete(PeerOutcome peer) {
    return peer.getState() != PeerOutcome.State.OK
        && peer.getState() != PeerOutcome.State.DUPLICATE;
  }

  /** A line for each cluster that does not answer the same question on another way. */
  static List<String> lines(List<PeerOutcome> peers) {
    var lines = new ArrayList<String>();
    for (PeerOutcome peer : peers) {
      if (peer.getState() == PeerOutcome.State.OK) {
        lines.add(peer.getCluster() + ": " + rows(peer));
      } else if (isIncomplete(peer)) {
        lines.add(
            "INCOMPLETE: "
                + peer.getCluster()
                + " "
                + peer.getState().name().toLowerCase(java.util.Locale.ROOT)
                + (peer.getRows() == 0 ? "" : ", " + rows(peer))
                + (peer.getText().isEmpty() ? "" : ": " + peer.getText()));
      }
    }
    return lines;
  }

  private static String rows(PeerOutcome peer) {
    return Numbers.grouped(peer.getRows()) + (peer.getRows() == 1 ? " row" : " rows");
  }

  /** Tells what is to be told, and gives the exit code. */
  static int tell(Console console, List<PeerOutcome> peers, boolean quiet) {
    boolean incomplete = isIncomplete(peers);
    if (incomplete || !quiet) {
      lines(peers).forEach(console::message);
    }
    return incomplete ? ExitCode.PARTIAL : ExitCode.OK;
  }
}
