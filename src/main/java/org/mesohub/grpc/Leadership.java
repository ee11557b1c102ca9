package org.mesohub.grpc;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.mesohub.placement.Member;

/** Who leads the cluster, as this node knows it now. Callable from any thread; never blocks. */
public interface Leadership {
  /** The leader; empty while an election goes on or this node is cut off. */
  Optional<Member> leader();

  /** Whether this node leads. */
  boolean isSelf();

  /**
   * Succeeds, on any thread, as soon as {@link #leader} is not empty; fails when that takes longer
   * than the patience.
   */
  Future<Void> awaitKnown(Duration patience);
}
