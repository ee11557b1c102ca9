package org.mesohub.ingest;

import java.util.Optional;

/** Whether there is room for more rows. Asked for every commit and every piece of input: cheap. */
public interface Space {
  /** Room for ever. */
  Space UNLIMITED = Optional::empty;

  /** Why nothing more can be stored, and what to do about it; empty while there is room. */
  Optional<String> shortage();
}
