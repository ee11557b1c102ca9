package org.mesohub.cli;

import java.util.concurrent.Callable;
import org.mesohub.proto.v1.ClusterServiceGrpcClient;
import org.mesohub.proto.v1.TransferLeadershipRequest;
import org.mesohub.proto.v1.TransferLeadershipResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes another node of the cluster lead. */
@Command(
    name = "leader",
    description = "Make another node of the cluster lead: leader transfer NODE.")
final class LeaderCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  /** What can be done with a leader. */
  enum Action {
    TRANSFER
  }

  @Parameters(index = "0", paramLabel = "transfer", description = "Hand the leadership over.")
  Action action = Action.TRANSFER;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NODE",
      defaultValue = "",
      description = "Id of the node that is to lead (default: the one with the newest log).")
  String node = "";

  LeaderCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (NodeClient client = connection.connect(console)) {
      TransferLeadershipResponse moved =
          client.call(
              ClusterServiceGrpcClient.TransferLeadership,
              TransferLeadershipRequest.newBuilder().setNode(node).build());
      console.line(moved.getLeader() + " leads, term " + moved.getTerm());
      return ExitCode.OK;
    }
  }
}
