package org.mesohub.replication;

import java.util.Collection;
import org.mesohub.placement.Member;

/** Members that hold chunks, as they are now. Thread-safe. */
public interface Holders {
  /** All that are to hold chunks: those that vote and stay. */
  Collection<Member> all();

  /**
   * Those of them that take new chunks; those that are full do not, those that are down for a while
   * do.
   */
  Collection<Member> taking();
}
