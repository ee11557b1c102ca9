package org.mesohub.cli;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.mesohub.proto.v1.BackupHeader;
import org.mesohub.proto.v1.RestoreResponse;
import org.mesohub.segment.ChunkId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies everything that a cluster holds, while it runs. */
@Command(
    name = "backup",
    description =
        "Copy everything as of now to a folder or into another, empty cluster, while puts go on.")
final class BackupCommand implements Callable<Integer> {
  /** How often a node hears that the client is still there while files are checked. */
  private static final Duration STILL_HERE = Duration.ofMinutes(1);

  private final Console console;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "Folder of the backup; what it holds already is not fetched again.")
  @Nullable Path folder;

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      description = "Node of an empty cluster to restore into at once, without a folder.")
  @Nullable String to;

  @Option(
      names = "--to-token",
      paramLabel = "TOKEN",
      description = "Bearer token for --to (default: that for --node).")
  @Nullable String toToken;

  @Option(
      names = "--verify",
      description = "Read every chunk that is there and fetch it again if damaged.")
  boolean verify;

  @Option(names = "--prune", description = "At the end remove chunks of older backups only.")
  boolean prune;

  @Option(
      names = {"--quiet", "-q"},
      description = "No progress.")
  boolean quiet;

  BackupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path target = folder;
    if ((target == null) == (to == null)) {
      throw CliException.usage("say where to: a folder, or --to HOST:PORT");
    }
    if (target == null && (verify || prune)) {
      throw CliException.usage("--verify and --prune go with a folder only");
    }
    try (NodeClient client = connection.connect(console)) {
      if (target == null) {
        pipe(client);
      } else {
        save(client, target);
      }
      return ExitCode.OK;
    } catch (IOException | UncheckedIOException e) {
      throw new CliException(
          ExitCode.PARTIAL, target + ": cannot be written, this backup is not whole: " + e);
    }
  }

  private void save(NodeClient client, Path target) throws IOException {
    try (BackupFolder files = BackupFolder.toWrite(target);
        BackupStream copy = BackupStream.open(client)) {
      files.writeCatalogue(catalogue(copy));
      Map<ChunkId, Integer> chunks = copy.chunks();
      Map<ChunkId, Long> sizes = present(copy, target, chunks);
      List<ChunkId> missing = new ArrayList<>(chunks.keySet());
      missing.removeAll(sizes.keySet());
      Map<ChunkId, Long> fetched = fetch(copy, files, missing, chunks);
      copy.end();
      sizes.putAll(fetched);
      files.finish(BackupLabel.of(copy.header(), files.writeList(sizes)));
      tell(copy.header(), target, fetched);
      if (prune) {
        console.line(
            Numbers.grouped(files.prune(sizes.keySet())) + " files of older backups removed");
      }
    }
  }

  private static byte[] catalogue(BackupStream copy) {
    var bytes = new ByteArrayOutputStream();
    copy.catalogue(piece -> bytes.writeBytes(piece.toByteArray()));
    byte[] catalogue = bytes.toByteArray();
    if (!ByteString.copyFrom(ChunkId.of(catalogue).hash()).equals(copy.header().getCatalogueId())) {
      throw new CliException(
          ExitCode.REFUSED, "the catalogue came with other bytes than its name says; try again");
    }
    return catalogue;
  }

  /** Sizes of the chunks that are in the folder, intact as far as they were looked at. */
  private Map<ChunkId, Long> present(BackupStream copy, Path target, Map<ChunkId, Integer> chunks)
      throws IOException {
    Map<ChunkId, Long> present = new HashMap<>();
    var looked = new AtomicLong();
    long told = System.nanoTime();
    try (var meter =
        new ProgressMeter(
            console,
            verify && !quiet,
            seconds ->
                Numbers.grouped(looked.get())
                    + "/"
                    + Numbers.grouped(chunks.size())
                    + " checked")) {
      for (Map.Entry<ChunkId, Integer> chunk : chunks.entrySet()) {
        Path file = BackupFolder.chunk(target, chunk.getKey());
        long size = size(file);
        if (size >= 0) {
          if (isIntact(file, size, chunk)) {
            present.put(chunk.getKey(), size);
          } else {
            meter.aside(() -> console.message(file + " is damaged and fetched again"));
          }
        }
        looked.incrementAndGet();
        if (System.nanoTime() - told > STILL_HERE.toNanos()) {
          copy.stillHere();
          told = System.nanoTime();
        }
      }
    }
    return present;
  }

  /** Chunks of a size that the node does not know are few and small. */
  private boolean isIntact(Path file, long size, Map.Entry<ChunkId, Integer> chunk)
      throws IOException {
    int expected = chunk.getValue();
    return (expected == 0 || size == expected)
        && ((expected > 0 && !verify)
            || ChunkId.of(Files.readAllBytes(file)).equals(chunk.getKey()));
  }

  /** -1 for a file that is not there. */
  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  private Map<ChunkId, Long> fetch(
      BackupStream copy, BackupFolder files, List<ChunkId> missing, Map<ChunkId, Integer> chunks) {
    long total = missing.stream().mapToLong(id -> chunks.getOrDefault(id, 0)).sum();
    var done = new AtomicLong();
    try (var writer = new BackupWriter(files, done::addAndGet);
        var meter = meter(done, total)) {
      copy.fetch(missing.iterator(), writer::write);
      return writer.finish();
    }
  }

  private ProgressMeter meter(AtomicLong done, long total) {
    return new ProgressMeter(
        console, !quiet, seconds -> Progress.upload(done.get(), total, 0, seconds, 0, 1));
  }

  private void tell(BackupHeader header, Path target, Map<ChunkId, Long> fetched) {
    console.line(
        "commit "
            + header.getCommit()
            + " of cluster "
            + header.getCluster()
            + ": "
            + Numbers.grouped(header.getChunks())
            + " chunks, "
            + Numbers.bytes(header.getBytes())
            + ", of these "
            + Numbers.grouped(fetched.size())
            + " chunks, "
            + Numbers.bytes(fetched.values().stream().mapToLong(Long::longValue).sum())
            + " fetched  "
            + target);
  }

  private void pipe(NodeClient from) {
    var there = new ConnectionOptions();
    there.node = to;
    there.token = toToken == null ? connection.token : toToken;
    there.timeout = connection.timeout;
    var done = new AtomicLong();
    try (NodeClient into = there.connect(console);
        BackupStream copy = BackupStream.open(from);
        var restore = new RestoreStream(into, copy.header(), done::addAndGet);
        var meter = meter(done, copy.header().getBytes())) {
      copy.catalogue(restore::catalogue);
      copy.fetch(copy.chunks().keySet().iterator(), restore::chunk);
      copy.end();
      RestoreResponse restored = RestoreCommand.finish(restore);
      meter.aside(() -> console.line(RestoreCommand.text(restored, String.valueOf(to))));
    }
  }
}
