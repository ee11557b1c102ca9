package org.mesohub.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.mesohub.proto.v1.CompactRequest;
import org.mesohub.proto.v1.CompactResponse;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes the node compact now. */
@Command(name = "compact", description = "Compact now, give space back, and wait until done.")
final class CompactCommand implements Callable<Integer> {
  /** The node says nothing while it works; a disk full of data takes hours. */
  private static final Duration PATIENCE = Duration.ofHours(24);

  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  CompactCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (NodeClient client = connection.connect(console)) {
      CompactResponse done =
          client.await(
              client.unary(
                  ObservationServiceGrpcClient.Compact, CompactRequest.getDefaultInstance()),
              PATIENCE);
      console.line(
          Numbers.grouped(done.getDays())
              + " days compacted: "
              + Numbers.grouped(done.getChunksBefore())
              + " chunks, "
              + Numbers.bytes(done.getBytesBefore())
              + " -> "
              + Numbers.grouped(done.getChunksAfter())
              + " chunks, "
              + Numbers.bytes(done.getBytesAfter()));
      return ExitCode.OK;
    }
  }
}
