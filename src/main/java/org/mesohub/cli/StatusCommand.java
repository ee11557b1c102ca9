package org.mesohub.cli;

import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.Callable;
import org.mesohub.proto.v1.ClusterServiceGrpcClient;
import org.mesohub.proto.v1.ClusterStatusRequest;
import org.mesohub.proto.v1.ClusterStatusResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.StatusRequest;
import org.mesohub.proto.v1.StatusResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the node is and how it and the others of its cluster do. */
@Command(name = "status", description = "Show what a node and its cluster are and how they do.")
final class StatusCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (NodeClient client = connection.connect(console)) {
      StatusResponse status =
          client.call(ObservationServiceGrpcClient.Status, StatusRequest.getDefaultInstance());
      ClusterStatusResponse cluster = cluster(client);
      if (json) {
        var object = ProtoJson.object(status);
        object.add("members", ProtoJson.object(cluster).get("members"));
        object.add("leaders", ProtoJson.object(cluster).get("leaders"));
        object.addProperty("underReplicatedChunks", cluster.getUnderReplicatedChunks());
        console.line(object.toString());
      } else {
        console.print(
            human(status) + (cluster.getMembersCount() > 1 ? ClusterTable.render(cluster) : ""));
      }
      return ExitCode.OK;
    }
  }

  /** Empty when the node is of a version that does not tell. */
  static ClusterStatusResponse cluster(NodeClient client) {
    try {
      return client.call(
          ClusterServiceGrpcClient.Status, ClusterStatusRequest.getDefaultInstance());
    } catch (CallException e) {
      if (e.status().equals(GrpcStatus.UNIMPLEMENTED.name())) {
        return ClusterStatusResponse.getDefaultInstance();
      }
      throw e;
    }
  }

  private static String human(StatusResponse s) {
    var table = new TextTable(false);
    table.row("node", s.getNode() + " of cluster " + s.getCluster());
    table.row("version", s.getVersion());
    table.row("up", Numbers.duration(s.getUptimeS()));
    table.row("role", s.getRole() + ", term " + s.getTerm() + ", leader " + s.getLeader());
    table.row("log", "commit index " + s.getCommitIndex() + ", applied " + s.getAppliedIndex());
    table.row("commit", s.getCommit() + ", readable as of " + readable(s));
    table.row(
        "rows", Numbers.grouped(s.getRows()) + " on " + Numbers.grouped(s.getDays()) + " days");
    table.row(
        "chunks",
        Numbers.grouped(s.getChunks()) + ", " + Numbers.bytes(s.getChunkBytes()) + perRow(s));
    table.row("on disk", Numbers.bytes(s.getDiskBytes()));
    s.getListeningList().forEach(line -> table.row("listens", line));
    return table.render();
  }

  private static String readable(StatusResponse s) {
    return s.getHistoryFloor() == 0 ? "every earlier one" : s.getHistoryFloor() + " and later";
  }

  private static String perRow(StatusResponse s) {
    return s.getRows() == 0
        ? ""
        : String.format(
            java.util.Locale.ROOT, " (%.1f B a row)", s.getChunkBytes() / (double) s.getRows());
  }
}
