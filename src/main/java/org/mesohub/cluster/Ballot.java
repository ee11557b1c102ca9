package org.mesohub.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' files of what a node has voted for and who the voters are. On a disk without room Ratis
 * 3.3 replaces them by empty ones: what they said is lost then, while the log is whole.
 */
final class Ballot {
  private static final Logger LOG = LoggerFactory.getLogger(Ballot.class);
  private static final String VOTE = "raft-meta";
  private static final String VOTERS = "raft-meta.conf";

  private Ballot() {}

  /** Whether the vote or the voters of a log are lost. */
  static boolean isLost(Path group) throws IOException {
    Path current = group.resolve("current");
    return isEmpty(current.resolve(VOTE)) || isEmpty(current.resolve(VOTERS));
  }

  private static boolean isEmpty(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) == 0;
  }

  /**
   * Gives a sole voter new files: nobody else can have been voted for, and any term will do that is
   * later than all it ever was in. Seconds since 1970 are: a term takes longer than that.
   */
  static void mendAlone(Path group, String nodeId, long clockMicros) throws IOException {
    if (!isLost(group)) {
      return;
    }
    Path current = group.resolve("current");
    long term = clockMicros / 1_000_000;
    LOG.warn(
        "a full disk has taken the term from the log in {}: this node votes alone and goes on in"
            + " term {}",
        group,
        term);
    String text = "term=" + term + "\nvotedFor=" + nodeId + "\n";
    if (isEmpty(current.resolve(VOTERS))) {
      Files.delete(current.resolve(VOTERS));
    }
    AtomicFile.write(current.resolve(VOTE), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
