package org.mesohub.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.mesohub.segment.ChunkId;

/** Whether a folder holds every byte of its backup. */
final class BackupCheck {
  /** Faults that are told one by one. */
  private static final int TOLD_MAX = 5;

  private BackupCheck() {}

  /**
   * Reads all of a backup; gives its chunks and their bytes.
   *
   * @param read told the bytes of each chunk; by any thread
   * @throws CliException with what is damaged or missing
   */
  static Map<ChunkId, Long> of(Path folder, BackupLabel label, LongConsumer read)
      throws IOException {
    content(BackupFolder.catalogue(folder, label), label.catalogue());
    byte[] list = content(BackupFolder.list(folder, label), label.list());
    Map<ChunkId, Long> chunks = BackupFolder.parseList(new String(list, StandardCharsets.US_ASCII));
    if (chunks.size() != label.chunks()) {
      throw damaged(folder, List.of(chunks.size() + " chunks are listed, not " + label.chunks()));
    }
    List<String> faults =
        chunks.entrySet().parallelStream()
            .map(chunk -> fault(folder, chunk.getKey(), chunk.getValue(), read))
            .flatMap(Optional::stream)
            .toList();
    if (!faults.isEmpty()) {
      throw damaged(folder, faults);
    }
    return chunks;
  }

  private static Optional<String> fault(Path folder, ChunkId id, long bytes, LongConsumer read) {
    Path file = BackupFolder.chunk(folder, id);
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.of(file + " is missing");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    read.accept(content.length);
    return content.length == bytes && ChunkId.of(content).equals(id)
        ? Optional.empty()
        : Optional.of(file + " is damaged");
  }

  private static byte[] content(Path file, ChunkId id) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw damaged(file, List.of("it is missing"));
    }
    if (!ChunkId.of(content).equals(id)) {
      throw damaged(file, List.of("it does not have the hash in its name"));
    }
    return content;
  }

  private static CliException damaged(Path what, List<String> faults) {
    int told = Math.min(TOLD_MAX, faults.size());
    String more = faults.size() > told ? "; and " + (faults.size() - told) + " more" : "";
    return CliException.usage(
        what
            + ": this backup is not whole, nothing was sent: "
            + String.join("; ", faults.subList(0, told))
            + more
            + "; 'backup --verify' into the same folder mends it while the cluster runs");
  }
}
