package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.mesohub.config.HostPort;
import org.mesohub.proto.v1.ClusterStatusResponse;
import org.mesohub.proto.v1.MemberStatus;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.ScrubRequest;
import org.mesohub.proto.v1.ScrubResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has nodes read and check everything that they store. */
@Command(
    name = "scrub",
    description = {
      "Read every stored chunk, and fetch what is corrupt from another node.",
      "Nodes do so once a day; this shows the round under way or the last one, or begins one."
    })
final class ScrubCommand implements Callable<Integer> {
  private static final long PAUSE_MS = 1_000;

  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--now", description = "Begin a round, and wait for its end.")
  boolean now;

  @Option(names = "--this", description = "The node that is called, not every member.")
  boolean thisOnly;

  ScrubCommand(Console console) {
    this.console = console;
  }

  /** What came of a node. */
  private enum Outcome {
    WHOLE,
    CORRUPT,
    FAILED
  }

  @Override
  public Integer call() {
    List<Outcome> outcomes = new ArrayList<>();
    try (NodeClient client = connection.connect(console)) {
      ClusterStatusResponse cluster = StatusCommand.cluster(client);
      if (thisOnly || cluster.getMembersCount() < 2) {
        outcomes.add(scrub(client, ""));
      } else {
        for (MemberStatus member : cluster.getMembersList()) {
          outcomes.add(scrub(member));
        }
      }
    }
    if (outcomes.contains(Outcome.FAILED)) {
      return outcomes.size() == 1 ? ExitCode.UNAVAILABLE : ExitCode.PARTIAL;
    }
    return outcomes.contains(Outcome.CORRUPT) ? ExitCode.PARTIAL : ExitCode.OK;
  }

  private Outcome scrub(MemberStatus member) {
    HostPort address = HostPort.parse(member.getPublicAddress()).orElse(null);
    if (address == null) {
      console.message(member.getId() + " has no address for clients");
      return Outcome.FAILED;
    }
    try (NodeClient client = connection.connectTo(address, console)) {
      return scrub(client, member.getId() + ": ");
    } catch (CallException e) {
      console.message(member.getId() + ": " + e.getMessage());
      return Outcome.FAILED;
    }
  }

  private Outcome scrub(NodeClient client, String who) {
    ScrubResponse state = ask(client, now);
    long round = state.getRound();
    var seen = new ScrubResponse[] {state};
    try (var meter =
        new ProgressMeter(console, now && state.getRunning(), s -> who + line(seen[0]))) {
      while (now && state.getRunning() && state.getRound() == round) {
        Retries.sleep(PAUSE_MS);
        state = ask(client, false);
        seen[0] = state;
      }
    }
    console.line(who + line(state));
    if (!state.getFailure().isEmpty()) {
      console.message(who + state.getFailure());
      return Outcome.FAILED;
    }
    return state.getCorrupt() > state.getHealed() ? Outcome.CORRUPT : Outcome.WHOLE;
  }

  private static ScrubResponse ask(NodeClient client, boolean start) {
    return client.call(
        ObservationServiceGrpcClient.Scrub, ScrubRequest.newBuilder().setStart(start).build());
  }

  private static String line(ScrubResponse scrub) {
    if (scrub.getRound() == 0) {
      return "no round since the node started; "
          + Numbers.grouped(scrub.getChunksStored())
          + " chunks";
    }
    return Numbers.grouped(scrub.getChunks())
        + (scrub.getRunning() ? " of " + Numbers.grouped(scrub.getChunksStored()) : "")
        + " chunks read, "
        + Numbers.bytes(scrub.getBytes())
        + ", "
        + Numbers.grouped(scrub.getCorrupt())
        + " corrupt, "
        + Numbers.grouped(scrub.getHealed())
        + " of them healed";
  }
}
