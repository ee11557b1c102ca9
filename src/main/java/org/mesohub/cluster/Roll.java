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

  /**
   * What is known of a node.
   *
   * @param id incarnation that was met last
   * @param life latest life that is known of; that of the incarnation, or of one before it while it
   *     does not know its own; 0: none
   */
  record Met(UUID id, long life) {
    private static Met parse(String line) {
      String[] words = line.split(" ", -1);
      return new Met(UUID.fromString(words[1]), words.length > 2 ? Long.parseLong(words[2]) : 1);
    }
  }

  private final Path file;
  private final Map<String, Met> met = new TreeMap<>();

  Roll(Path raftFolder) throws IOException {
    file = raftFolder.resolve(FILE);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        try {
          met.put(line.substring(0, line.indexOf(' ')), Met.parse(line));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw new IllegalStateException(
              "file %s is damaged: remove the folder %s, and the other nodes take this one in anew"
                  .formatted(file, raftFolder),
              e);
        }
      }
    }
  }

  /** What is known of a node; empty when none of that id was met. */
  synchronized Optional<Met> met(String node) {
    return Optional.ofNullable(met.get(node));
  }

  /** Forgets all; durable when this returns. */
  synchronized void clear() throws IOException {
    write(Map.of());
    met.clear();
  }

  /**
   * Remembers the incarnation of a node of which none, or one of an earlier life was met; durable
   * when this returns.
   */
  synchronized void meetLater(String node, UUID incarnation, long life) throws IOException {
    Met before = met.get(node);
    if (before == null || life > before.life) {
      meet(node, incarnation, life);
    }
  }

  /**
   * Remembers an incarnation instead of any before, but no earlier life than was known of; durable
   * when this returns.
   */
  synchronized void meet(String node, UUID incarnation, long life) throws IOException {
    Met before = met.get(node);
    Met now = new Met(incarnation, before == null ? life : Math.max(life, before.life));
    if (now.equals(before)) {
      return;
    }
    var all = new TreeMap<>(met);
    all.put(node, now);
    write(all);
    met.put(node, now);
  }

  private void write(Map<String, Met> all) throws IOException {
    String text =
        all.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue().id + " " + e.getValue().life + "\n")
            .collect(Collectors.joining());
    AtomicFile.write(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
