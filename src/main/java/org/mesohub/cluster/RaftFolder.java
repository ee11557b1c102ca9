package org.mesohub.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log's folder, held by this process alone and known to belong to this cluster and node.
 *
 * <pre>
 * raft/identity      format, cluster, node; written once the first log exists
 * raft/lock          held while the log is open
 * raft/[group id]/   Ratis: log segments, votes, snapshots
 * </pre>
 *
 * <p>Ratis would open every group it finds below its folder, so a foreign one is refused before it
 * starts.
 */
final class RaftFolder implements AutoCloseable {
  static final String IDENTITY = "identity";
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lockChannel;

  private RaftFolder(Path folder, FileChannel lockChannel) {
    this.folder = folder;
    this.lockChannel = lockChannel;
  }

  /** Locks and checks the folder; fails with IllegalStateException when it is not ours to use. */
  static RaftFolder open(RaftConfig config, long clockMicros) throws IOException {
    Path folder = config.raftFolder();
    Files.createDirectories(folder);
    RaftFolder opened = new RaftFolder(folder, lock(folder));
    try {
      opened.check(config);
      if (config.isAlone()) {
        Path group = folder.resolve(config.groupId().toString());
        Ballot.mendAlone(group, config.nodeId(), clockMicros);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "log folder %s is in use by another node: stop that one or configure another data folder"
              .formatted(folder));
    }
    return channel;
  }

  private void check(RaftConfig config) throws IOException {
    Path group = folder.resolve(config.groupId().toString());
    for (Path entry : subfolders()) {
      if (!entry.equals(group) && isGroup(entry)) {
        throw new IllegalStateException(
            "log folder %s holds the log %s of another cluster than '%s': configure that cluster id or another data folder"
                .formatted(folder, entry.getFileName(), config.clusterId()));
      }
    }
    Path identity = folder.resolve(IDENTITY);
    if (!Files.exists(identity)) {
      return; // a new folder, or a first start that was cut off before anything was acknowledged
    }
    Identity found = Identity.parse(identity, Files.readString(identity));
    if (!found.cluster.equals(config.clusterId()) || !found.node.equals(config.nodeId())) {
      throw new IllegalStateException(
          "log folder %s belongs to node '%s' of cluster '%s', not to node '%s' of cluster '%s': correct the ids or configure another data folder"
              .formatted(folder, found.node, found.cluster, config.nodeId(), config.clusterId()));
    }
    if (!Files.isDirectory(group)) {
      throw new IllegalStateException(
          "log folder %s has lost its log %s: remove the whole folder: a node among others is taken in anew, one that is alone starts empty"
              .formatted(folder, group.getFileName()));
    }
  }

  /** Takes the log and what belongs to it away, but not the incarnation. */
  static void empty(Path folder, Path group) throws IOException {
    Files.deleteIfExists(folder.resolve(IDENTITY));
    Files.deleteIfExists(folder.resolve(Roll.FILE));
    if (!Files.exists(group)) {
      return;
    }
    try (var files = Files.walk(group)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private List<Path> subfolders() throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  private static boolean isGroup(Path folder) {
    try {
      UUID.fromString(folder.getFileName().toString());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Records whose log this is, unless that stands there already. */
  void claim(RaftConfig config) throws IOException {
    Path identity = folder.resolve(IDENTITY);
    if (!Files.exists(identity)) {
      String text = new Identity(config.clusterId(), config.nodeId()).format();
      AtomicFile.write(identity, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
  }

  private record Identity(String cluster, String node) {
    String format() {
      return "format=%d%ncluster=%s%nnode=%s%n".formatted(RaftConfig.FOLDER_FORMAT, cluster, node);
    }

    static Identity parse(Path file, String text) {
      String format = value(file, text, "format");
      if (!format.equals(Integer.toString(RaftConfig.FOLDER_FORMAT))) {
        throw new IllegalStateException(
            "log folder %s has format %s, this program knows format %d: start a newer program on this folder"
                .formatted(file.getParent(), format, RaftConfig.FOLDER_FORMAT));
      }
      return new Identity(value(file, text, "cluster"), value(file, text, "node"));
    }

    private static String value(Path file, String text, String key) {
      return text.lines()
          .filter(line -> line.startsWith(key + "="))
          .map(line -> line.substring(key.length() + 1))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "file %s lacks the line %s=: restore it from a backup".formatted(file, key)));
    }
  }

  /** Why a log does not start: our own refusal, when Ratis has wrapped one. */
  static RuntimeException notStarted(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IllegalStateException refusal && t.getCause() == null) {
        return refusal;
      }
    }
    return new IllegalStateException("the log does not start: " + failure.getMessage(), failure);
  }
}
