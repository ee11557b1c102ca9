package org.mesohub.grpc;

import java.time.Duration;

/** How old this node's state may be. Callable from any thread; never blocks. */
public interface StaleBound {
  /**
   * Whether this node has everything that was acknowledged longer ago than {@code age}: it heard
   * from the leader since, and applied what the leader had committed then.
   */
  boolean within(Duration age);
}
