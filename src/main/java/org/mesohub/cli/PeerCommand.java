package org.mesohub.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.mesohub.proto.v1.FederationServiceGrpcClient;
import org.mesohub.proto.v1.PeerStatus;
import org.mesohub.proto.v1.PeersRequest;
import org.mesohub.proto.v1.PeersResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the other clusters as a node sees them. */
@Command(name = "peer", description = "Show other clusters as a node sees them: peer status.")
final class PeerCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  /** What can be done with peers. */
  enum Action {
    STATUS
  }

  @Parameters(index = "0", paramLabel = "status", description = "Show them.")
  Action action = Action.STATUS;

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  PeerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (NodeClient client = connection.connect(console)) {
      PeersResponse peers =
          client.call(FederationServiceGrpcClient.Peers, PeersRequest.getDefaultInstance());
      console.print(json ? ProtoJson.object(peers) + "\n" : human(peers));
      return ExitCode.OK;
    }
  }

  static String human(PeersResponse peers) {
    if (peers.getPeersCount() == 0) {
      return peers.getCluster() + " has no peers: name them under peers in the configuration\n";
    }
    var out =
        new StringBuilder(peers.getCluster()).append(" (").append(peers.getNode()).append(")\n");
    for (int i = 0; i < peers.getPeersCount(); i++) {
      boolean last = i == peers.getPeersCount() - 1;
      draw(peers.getPeers(i), last ? "└─ " : "├─ ", last ? "     " : "│    ", out);
    }
    return out.toString();
  }

  private static void draw(PeerStatus peer, String branch, String indent, StringBuilder out) {
    out.append(branch).append(peer.getCluster());
    if (peer.getDial().equals("in")) {
      out.append(", which dials in (")
          .append(Numbers.grouped(peer.getLinks()))
          .append(peer.getLinks() == 1 ? " link)" : " links)");
    } else if (peer.getEndpoint().isEmpty()) {
      out.append(" at ").append(String.join(", ", peer.getEndpointsList()));
    } else {
      out.append(" at ").append(peer.getEndpoint());
    }
    if (peer.getDial().equals("out")) {
      out.append(", dialled (")
          .append(Numbers.grouped(peer.getLinks()))
          .append(peer.getLinks() == 1 ? " link)" : " links)");
    }
    if (peer.getDial().equals("contract")) {
      out.append(", by the contract of 2018");
    }
    out.append(peer.getCurrent() ? ": current" : ": not current, so it is asked for everything");
    out.append(peer.getLastContactMs() < 0 ? ", never heard of" : ", heard of " + ago(peer))
        .append('\n');
    if (!peer.getTrouble().isEmpty()) {
      out.append(indent).append(peer.getTrouble()).append('\n');
    }
    if (peer.getVersion() > 0) {
      out.append(indent)
          .append(Numbers.grouped(peer.getNetworks()))
          .append(" networks, ")
          .append(
              peer.getFirstDay().isEmpty()
                  ? "no days"
                  : peer.getFirstDay() + " to " + peer.getLastDay())
          .append(", commit ")
          .append(peer.getVersion())
          .append("; filter of ")
          .append(Numbers.bytes(peer.getFilterBytes()))
          .append(String.format(Locale.ROOT, ", %.1f %% full%n", 100 * peer.getFill()));
    }
    out.append(indent)
        .append("asked ")
        .append(Numbers.grouped(peer.getAsked()))
        .append(" times, spared ")
        .append(Numbers.grouped(peer.getAvoided()))
        .append(", in vain ")
        .append(Numbers.grouped(peer.getInVain()))
        .append(", failed ")
        .append(Numbers.grouped(peer.getFailed()))
        .append("; ")
        .append(Numbers.grouped(peer.getRows()))
        .append(" rows\n");
  }

  private static String ago(PeerStatus peer) {
    return peer.getLastContactMs() < 2_000
        ? peer.getLastContactMs() + " ms ago"
        : Numbers.duration(peer.getLastContactMs() / 1_000) + " ago";
  }
}
