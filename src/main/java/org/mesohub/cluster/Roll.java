package org.mesohub.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Which incarnation of each other node this one has met, durable in the file {@code roll} of the
 * log's folder. Threading: any.
 */
final class Roll {
  static final String FILE = "roll";

  private final Path file;
  private final Map<String, UUID> met = new TreeMap<>();

  Roll(Path raftFolder) throws IOException {
    file = raftFolder.resolve(FILE);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int space = line.lastIndexOf(' ');
        try {
          met.put(line.substring(0, space), UUID.fromString(line.substring(space + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw new IllegalStateException(
              "file %s is damaged: remove the folder %s, and the other nodes take this one in anew"
                  .formatted(file, raftFolder),
              e);
        }
      }
    }
  }

  /** The incarnation of a node that was met; empty when none was. */
  synchronized Optional<UUID> met(String node) {
    return Optional.ofNullable(met.get(node));
  }

  /** Forgets all; durable when this returns. */
  synchronized void clear() throws IOException {
    write(Map.of());
    met.clear();
  }

  /** Remembers the incarnation of a node of which none was met; durable when this returns. */
  synchronized void meetFirst(String node, UUID incarnation) throws IOException {
    if (!met.containsKey(node)) {
      meet(node, incarnation);
    }
  }

  /** Remembers an incarnation instead of any before; it is durable when this returns. */
  synchronized void meet(String node, UUID incarnation) throws IOException {
    if (incarnation.equals(met.get(node))) {
      return;
    }
    var all = new TreeMap<>(met);
    all.put(node, incarnation);
    write(all);
    met.put(node, incarnation);
  }

  private void write(Map<String, UUID> all) throws IOException {
    String text =
        all.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    AtomicFile.write(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
