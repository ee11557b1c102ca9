package org.mesohub.api;

import org.mesohub.routing.Scope;

/**
 * Whom a read may ask beyond this cluster.
 *
 * @param deadlineNanos of the client, on the clock of {@link System#nanoTime}; Long.MAX_VALUE: none
 */
public record Reach(Scope scope, long deadlineNanos) {
  /** What there is when there is no deadline. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** Nobody. */
  public static final Reach LOCAL = new Reach(Scope.LOCAL, NO_DEADLINE);
}
