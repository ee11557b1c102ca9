package org.mesohub.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.mesohub.proto.internal.v1.Greeting.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a node's log: a random id that lives in its folder and is lost with it. A node that
 * comes back without its log is another incarnation, which knows nothing of the votes and
 * acknowledgements that the one before has given.
 *
 * @param id random
 * @param standing how far it has come
 * @param life counted from 1 over all incarnations of the node; 0 while it does not know
 */
record Incarnation(UUID id, Standing standing, long life) {
  private static final Logger LOG = LoggerFactory.getLogger(Incarnation.class);
  private static final String FILE = "incarnation";

  /**
   * That of a folder, which is given one when it has none. A folder with a log that is older than
   * incarnations holds a member's. One that was left while it joined is begun anew by another
   * incarnation: its log may name it among the voters of long ago, and it may have voted already.
   * So is one whose log is lost and the rest is there, or that has lost what it voted for.
   */
  static Incarnation of(Path raftFolder, Path group) throws IOException {
    boolean hasLog = Files.isDirectory(group);
    Path file = raftFolder.resolve(FILE);
    if (hasLog && Ballot.isLost(group)) {
      LOG.warn("a full disk has taken term or voters from the log in {}: it begins anew", group);
      return anew(raftFolder, group);
    }
    if (!Files.exists(file)) {
      Files.createDirectories(raftFolder);
      return made(raftFolder, hasLog ? Standing.MEMBER : Standing.NEW);
    }
    Incarnation found = read(raftFolder, file);
    if (found.standing == Standing.ADDED || hasLog == (found.standing == Standing.MEMBER)) {
      return found;
    }
    // It was to be opened for the first time when the node ended: nothing was in it.
    boolean neverOpened =
        found.standing == Standing.MEMBER && !Files.exists(raftFolder.resolve(RaftFolder.IDENTITY));
    return neverOpened ? found : anew(raftFolder, group);
  }

  /** Another incarnation, in place of the one before and its log. */
  static Incarnation anew(Path raftFolder, Path group) throws IOException {
    Incarnation anew = made(raftFolder, Standing.NEW);
    RaftFolder.empty(raftFolder, group);
    return anew;
  }

  private static Incarnation made(Path raftFolder, Standing standing) throws IOException {
    var made = new Incarnation(UUID.randomUUID(), standing, standing == Standing.MEMBER ? 1 : 0);
    made.write(raftFolder);
    return made;
  }

  private static Incarnation read(Path raftFolder, Path file) throws IOException {
    String[] words = Files.readString(file).strip().split(" ", -1);
    try {
      Standing standing = Standing.valueOf(words[1]);
      long before = standing == Standing.MEMBER ? 1 : 0; // a release that did not count
      return new Incarnation(
          UUID.fromString(words[0]),
          standing,
          words.length > 2 ? Long.parseLong(words[2]) : before);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalStateException(
          "file %s is damaged: remove the folder %s, and the other nodes take this one in anew"
              .formatted(file, raftFolder),
          e);
    }
  }

  /** The same at another standing, durable. */
  Incarnation become(Path raftFolder, Standing next, long nextLife) throws IOException {
    var moved = new Incarnation(id, next, nextLife);
    moved.write(raftFolder);
    return moved;
  }

  private void write(Path raftFolder) throws IOException {
    String text = id + " " + standing + " " + life + "\n";
    AtomicFile.write(
        raftFolder.resolve(FILE), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
