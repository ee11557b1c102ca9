package org.mesohub.cluster;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mesohub.catalog.Rosters;
import org.mesohub.placement.Members;
import org.mesohub.placement.Membership;
import org.mesohub.placement.Roster;
import org.mesohub.proto.internal.v1.ChangeMembers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members as this node knew them last, in the file {@code members} beside its log: whom to ask
 * and to listen to before the log tells, where the configuration is of long ago.
 */
public final class RosterFile {
  private static final Logger LOG = LoggerFactory.getLogger(RosterFile.class);
  private static final String FILE = "members";

  private final Path file;

  /**
   * @param data folder of the node
   */
  public RosterFile(Path data) {
    this.file = data.resolve("raft").resolve(FILE);
  }

  /**
   * The members of now: at first those that were known last or, where none were, the configured
   * ones; then those that the catalogue names, which are kept here.
   */
  public Membership membership(Members configured, CatalogueMachine machine) {
    var membership = new Membership(configured);
    membership.agreed(read());
    machine.onRoster(
        roster -> {
          membership.agreed(roster);
          if (roster.epoch() >= membership.epoch()) { // else one of long ago, replayed
            write(roster);
          }
        });
    return membership;
  }

  /** What was written last; {@link Roster#NONE} when nothing was, or what is there is damaged. */
  Roster read() {
    if (!Files.exists(file)) {
      return Roster.NONE;
    }
    try {
      var members = ChangeMembers.newBuilder();
      TextFormat.merge(Files.readString(file), members);
      return Rosters.of(members.build());
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is damaged, the configuration counts until the log tells", file, e);
      return Roster.NONE;
    }
  }

  /** Keeps a roster; what cannot be written is told of and forgotten. */
  void write(Roster roster) {
    String text = TextFormat.printer().printToString(Rosters.entry(roster).getChangeMembers());
    try {
      Files.createDirectories(file.getParent());
      AtomicFile.write(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      LOG.warn("{} cannot be written", file, e);
    }
  }
}
