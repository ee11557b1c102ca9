package org.mesohub.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.mesohub.routing.Scope;

/**
 * Whom a read may ask beyond this cluster.
 *
 * @param patience longest wait for other clusters, all waits of one read together; null: as
 *     configured
 */
public record Reach(Scope scope, @Nullable Duration patience) {
  /** Nobody. */
  public static final Reach LOCAL = new Reach(Scope.LOCAL, null);
}
