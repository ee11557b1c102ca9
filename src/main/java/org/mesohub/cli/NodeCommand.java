package org.mesohub.cli;

import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.mesohub.config.ConfigException;
import org.mesohub.config.ConfigFile;
import org.mesohub.config.NodeConfig;
import org.mesohub.placement.Member;
import org.mesohub.placement.Members;
import org.mesohub.proto.v1.AddNodeRequest;
import org.mesohub.proto.v1.ClusterServiceGrpcClient;
import org.mesohub.proto.v1.NodeAddresses;
import org.mesohub.proto.v1.NodeChange;
import org.mesohub.proto.v1.RemoveNodeRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds nodes to a running cluster and takes them out. */
@Command(
    name = "node",
    description = "Add a node to the cluster, or take one out, while it runs.",
    synopsisSubcommandLabel = "(add | remove)")
final class NodeCommand implements Runnable {
  private static final long PAUSE_MS = 1_000;

  /** Failures in a row, each followed by a pause, after which it is given up. */
  private static final int FAILURES_MAX = 60;

  private final Console console;

  NodeCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    throw CliException.usage("what about the node? See: mesohub node --help");
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Make a node a member, or tell the cluster its new addresses.",
        "Waits until the node votes, which it does when it runs and has caught up."
      })
  int add(
      @Mixin ConnectionOptions connection,
      @Parameters(
              paramLabel = "FILE",
              description =
                  "Configuration of the new node; its own entry in cluster.members is what counts.")
          Path file,
      @Option(names = "--no-wait", description = "Do not wait until it votes.") boolean noWait) {
    Member self = self(file);
    var request =
        AddNodeRequest.newBuilder()
            .setNode(
                NodeAddresses.newBuilder()
                    .setId(self.id())
                    .setNumber(self.number())
                    .setHost(self.host())
                    .setDiscoveryPort(self.discoveryPort())
                    .setBusPort(self.busPort())
                    .setInternalPort(self.internalPort())
                    .setPublicAddress(self.publicAddress())
                    .setContact(self.contact()))
            .build();
    try (NodeClient client = connection.connect(console)) {
      return follow(
          client, noWait, () -> client.call(ClusterServiceGrpcClient.AddNode, request), "");
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Take a member out: its chunks go to others first, then it votes no more.",
        "It need not run. Waits until that is done; may be repeated."
      })
  int remove(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "ID", description = "Id of the member.") String id,
      @Option(
              names = "--force",
              description = "At once; chunks that only this member has are lost.")
          boolean force,
      @Option(names = "--no-wait", description = "Do not wait until it is out.") boolean noWait) {
    var request = RemoveNodeRequest.newBuilder().setNode(id).setForce(force).build();
    try (NodeClient client = connection.connect(console)) {
      return follow(
          client,
          noWait,
          () -> client.call(ClusterServiceGrpcClient.RemoveNode, request),
          "node " + id + " is no member any more; stop it, and remove its data folder");
    }
  }

  private static Member self(Path file) {
    NodeConfig config;
    try {
      config = ConfigFile.read(file);
    } catch (ConfigException e) {
      String all = String.valueOf(e.getMessage()).replace("\n", "\nmesohub: ");
      throw new CliException(ExitCode.USAGE, all);
    }
    Members members = config.cluster().members();
    if (members == null) {
      throw CliException.usage(
          file + " has no cluster.members; expected the new node itself and some of the members");
    }
    return members.self();
  }

  /**
   * Repeats a call until what it asks for is done, and tells whenever something else is waited for.
   *
   * @param whenGone what is said when it is found no more after it was under way; empty: a failure
   */
  private int follow(
      NodeClient client, boolean noWait, Supplier<NodeChange> call, String whenGone) {
    String told = "";
    boolean begun = false;
    int failures = 0;
    while (true) {
      try {
        NodeChange change = call.get();
        failures = 0;
        begun = true;
        if (change.getDone() || noWait) {
          console.line(change.getText());
          return ExitCode.OK;
        }
        if (!change.getText().equals(told)) {
          told = change.getText();
          console.message(told);
        }
      } catch (CallException e) {
        if (begun && !whenGone.isEmpty() && e.status().equals(GrpcStatus.NOT_FOUND.name())) {
          console.line(whenGone);
          return ExitCode.OK;
        }
        if (e.status().equals(GrpcStatus.UNIMPLEMENTED.name())) {
          throw new CliException(
              ExitCode.REFUSED,
              "the node is alone, or of a release that cannot do this; give it cluster.members"
                  + " first: docs/OPERATIONS.md, \"From one node to three\"");
        }
        begun |= e.kind() == CallException.Kind.INDETERMINATE;
        boolean nothingBegun = !begun && e.kind() == CallException.Kind.UNREACHABLE;
        if (nothingBegun || !e.kind().retryable() || ++failures > FAILURES_MAX) {
          throw e;
        }
        if (!String.valueOf(e.getMessage()).equals(told)) {
          told = String.valueOf(e.getMessage());
          console.message(told + "; trying again");
        }
        client.moveOn();
      }
      Retries.sleep(PAUSE_MS);
    }
  }
}
