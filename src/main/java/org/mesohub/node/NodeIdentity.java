package org.mesohub.node;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a data folder belongs to, kept in its file {@code node.properties} from the first start on.
 *
 * @param clusterId id of the cluster
 * @param nodeId id of the node
 */
record NodeIdentity(String clusterId, String nodeId) {
  /** Layout of the data folder that this release knows. */
  private static final int FORMAT = 1;

  private static final String FILE = "node.properties";

  /**
   * The identity of a folder; an empty folder gets one.
   *
   * @param clusterId configured cluster id; null: as the folder says, or a new one
   */
  static NodeIdentity of(Path folder, @Nullable String clusterId, String nodeId) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(FILE);
      if (!Files.exists(file)) {
        var identity =
            new NodeIdentity(clusterId == null ? UUID.randomUUID().toString() : clusterId, nodeId);
        identity.write(folder, file);
        return identity;
      }
      return read(file, clusterId, nodeId);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the data folder " + folder, e);
    }
  }

  private static NodeIdentity read(Path file, @Nullable String clusterId, String nodeId)
      throws IOException {
    var properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    String format = properties.getProperty("format", "");
    if (!format.equals(Integer.toString(FORMAT))) {
      throw new IllegalStateException(
          file
              + " says format '"
              + format
              + "'; this release knows format "
              + FORMAT
              + ": start the release that made the folder, or name another folder under 'data'");
    }
    var identity =
        new NodeIdentity(properties.getProperty("cluster", ""), properties.getProperty("node", ""));
    if (!identity.nodeId.equals(nodeId)
        || (clusterId != null && !identity.clusterId.equals(clusterId))) {
      throw new IllegalStateException(
          file.getParent()
              + " belongs to node "
              + identity.nodeId
              + " of cluster "
              + identity.clusterId
              + ", not to node "
              + nodeId
              + (clusterId == null ? "" : " of cluster " + clusterId)
              + ": correct node.id and cluster.id, or name another folder under 'data'");
    }
    return identity;
  }

  /** Written beside, synced, then renamed: there is a whole file or none. */
  private void write(Path folder, Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("format", Integer.toString(FORMAT));
    properties.setProperty("cluster", clusterId);
    properties.setProperty("node", nodeId);
    Path beside = folder.resolve(FILE + ".new");
    try (Writer out = Files.newBufferedWriter(beside, StandardCharsets.UTF_8)) {
      properties.store(out, "Mesohub data folder: do not edit");
    }
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }
}
