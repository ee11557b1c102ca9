package org.mesohub.api;

import java.util.Locale;

/** What a principal may do. */
public enum Right {
  READ,
  PUT,
  DELETE,
  /** Asking as another cluster, which the principal is named after. */
  PEER,
  /** Maintenance, such as compaction. */
  ADMIN;

  /** As written in configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
