package org.mesohub.grpc;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.Right;

/** Who may come in at a port. Thread-safe. */
interface Admission {
  /**
   * The sender of these request headers. Fails as UNAUTHENTICATED or FORBIDDEN unless they have the
   * right; null asks for none.
   */
  Principal admit(MultiMap headers, @Nullable Right right);
}
