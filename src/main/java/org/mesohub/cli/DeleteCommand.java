package org.mesohub.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.mesohub.proto.v1.DeleteRequest;
import org.mesohub.proto.v1.DeleteResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes rows, after telling how many. */
@Command(
    name = "delete",
    description =
        "Delete rows by station, network and time. Earlier commits stay readable with get --as-of.")
final class DeleteCommand implements Callable<Integer> {
  private static final int RETRIES = 6;

  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin SelectionOptions keys = new SelectionOptions();
  @Mixin TokenOptions tokens = new TokenOptions();

  @Option(
      names = {"--yes", "-y"},
      description = "Do not ask.")
  boolean yes;

  @Option(names = "--dry-run", description = "Only tell how many rows there are.")
  boolean dryRun;

  DeleteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (keys.isEmpty()) {
      throw CliException.usage(
          "say what to delete: --station, --network, --from, --to; everything there is: --from"
              + " 1800-01-01");
    }
    boolean canAsk = console.inTerminal() && console.errTerminal();
    if (!yes && !dryRun && !canAsk) {
      throw CliException.usage(
          "nobody here to confirm: give --yes, or --dry-run to see how many rows");
    }
    DeleteRequest.Builder request =
        DeleteRequest.newBuilder().setSelection(keys.selection(SelectionOptions.nowMicros()));
    try (NodeClient client = connection.connect(console)) {
      long rows = send(client, request.setDryRun(true).build()).getDeleted();
      if (dryRun || rows == 0) {
        console.line(Numbers.grouped(rows) + " rows match");
        return ExitCode.OK;
      }
      if (!yes && !confirmed(rows)) {
        console.message("nothing deleted");
        return ExitCode.OK;
      }
      return delete(client, request.setDryRun(false).setToken(tokens.token()).build());
    }
  }

  private Integer delete(NodeClient client, DeleteRequest request) {
    try {
      DeleteResponse done =
          new Retries(RETRIES, client::moveOn, console::message, Retries::sleep)
              .run(() -> send(client, request));
      console.line(
          Numbers.grouped(done.getDeleted()) + " rows deleted, commit " + done.getCommit());
      return ExitCode.OK;
    } catch (CallException e) {
      throw new CliException(e.kind().exitCode(), String.valueOf(e.getMessage()));
    }
  }

  private static DeleteResponse send(NodeClient client, DeleteRequest request) {
    return client.call(ObservationServiceGrpcClient.Delete, request);
  }

  private boolean confirmed(long rows) {
    console.err().print("mesohub: delete " + Numbers.grouped(rows) + " rows? [y/N] ");
    console.err().flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
              .readLine();
      if (answer == null) {
        console.err().println(); // the question's line has no end of its own then
      }
      return answer != null && answer.strip().matches("(?i)y|yes");
    } catch (IOException e) {
      return false;
    }
  }
}
