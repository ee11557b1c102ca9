package org.mesohub.api;

import java.util.Locale;

/** What a principal may do. */
public enum Right {
  READ,
  PUT,
  DELETE,
  /** Maintenance, such as compaction. */
  ADMIN;

  /** As written in configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
