package org.mesohub.grpc;

import java.util.EnumSet;
import java.util.Set;
import org.mesohub.api.Right;

/**
 * Who calls.
 *
 * @param name for records and logs
 * @param rights what they may do
 */
public record Principal(String name, Set<Right> rights) {
  /** Everybody, when no tokens are configured. */
  static final Principal ANONYMOUS = new Principal("anonymous", EnumSet.allOf(Right.class));

  /** A caller without a token, when tokens are configured. */
  static final Principal STRANGER = new Principal("", Set.of());

  public Principal {
    rights = Set.copyOf(rights);
  }
}
