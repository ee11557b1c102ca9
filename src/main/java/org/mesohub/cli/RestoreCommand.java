package org.mesohub.cli;

import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.RestoreResponse;
import org.mesohub.segment.ChunkId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup into an empty cluster. */
@Command(
    name = "restore",
    description = "Put a backup into an empty cluster; the folder is checked wholly before.")
final class RestoreCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "DIR", description = "Folder that 'backup' has written.")
  @Nullable Path folder;

  @Option(names = "--check", description = "Only check the folder.")
  boolean check;

  @Option(
      names = {"--quiet", "-q"},
      description = "No progress.")
  boolean quiet;

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path source = Objects.requireNonNull(folder);
    try {
      BackupLabel label = BackupFolder.label(source);
      var checked = new AtomicLong();
      Map<ChunkId, Long> chunks;
      try (var meter = meter(checked, label.bytes())) {
        chunks = BackupCheck.of(source, label, checked::addAndGet);
      }
      if (check) {
        console.line(
            source
                + " is whole: commit "
                + label.commit()
                + " of cluster "
                + label.cluster()
                + ", "
                + Numbers.grouped(label.chunks())
                + " chunks");
      } else {
        send(source, label, chunks);
      }
      return ExitCode.OK;
    } catch (IOException | UncheckedIOException e) {
      throw CliException.usage(source + ": cannot be read: " + e);
    }
  }

  private void send(Path source, BackupLabel label, Map<ChunkId, Long> chunks) throws IOException {
    var sent = new AtomicLong();
    try (NodeClient client = connection.connect(console);
        var restore = new RestoreStream(client, label.header(), sent::addAndGet);
        var meter = meter(sent, label.bytes())) {
      byte[] catalogue = Files.readAllBytes(BackupFolder.catalogue(source, label));
      restore.catalogue(UnsafeByteOperations.unsafeWrap(catalogue));
      for (ChunkId id : chunks.keySet()) {
        restore.chunk(id, Files.readAllBytes(BackupFolder.chunk(source, id)));
      }
      RestoreResponse restored = finish(restore);
      meter.aside(() -> console.line(text(restored, client.node().toString())));
    }
  }

  /** The end of a restore; after it was sent nobody knows what became of a call that breaks. */
  static RestoreResponse finish(RestoreStream restore) {
    try {
      return restore.finish();
    } catch (CallException e) {
      throw e.kind() == CallException.Kind.INDETERMINATE
          ? new CliException(
              ExitCode.INDETERMINATE,
              e.getMessage() + "; it may be restored: 'status' tells whether there are commits")
          : e;
    }
  }

  static String text(RestoreResponse restored, String node) {
    return "commit "
        + restored.getCommit()
        + " restored: "
        + Numbers.grouped(restored.getRows())
        + " rows on "
        + Numbers.grouped(restored.getDays())
        + " days, "
        + Numbers.grouped(restored.getChunks())
        + " chunks, "
        + Numbers.bytes(restored.getBytes())
        + "  "
        + node;
  }

  private ProgressMeter meter(AtomicLong done, long total) {
    return new ProgressMeter(
        console, !quiet, seconds -> Progress.upload(done.get(), total, 0, seconds, 0, 1));
  }
}
