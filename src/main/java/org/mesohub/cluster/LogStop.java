package org.mesohub.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a log takes no part any more, for as long as it is open.
 *
 * @param why in words for the operator
 */
public record LogStop(Kind kind, String why) {
  /** What can help. */
  public enum Kind {
    /**
     * Its disk could not be written to, for lack of room or of leave: opening it anew once it can.
     */
    NO_ROOM,
    /** The others, or Ratis by itself, made it stop: opening it anew. */
    SHUT_DOWN,
    /** Somebody has to look. */
    OTHER
  }

  /** What the operating system says of a write that may succeed later, and has left no trace. */
  private static final List<String> PASSING =
      List.of("No space left on device", "Disk quota exceeded", "Read-only file system");

  /** What a failure of the disk means; one to sync is somebody's to look at. */
  static LogStop of(String why, @Nullable Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      if (PASSING.stream().anyMatch(message::contains)) {
        return new LogStop(Kind.NO_ROOM, why);
      }
    }
    return new LogStop(Kind.OTHER, why);
  }
}
