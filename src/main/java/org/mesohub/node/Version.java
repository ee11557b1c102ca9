package org.mesohub.node;

import org.jspecify.annotations.Nullable;

/** The release that runs. */
public final class Version {
  /** As in the jar's manifest; "dev" when run from classes. */
  public static final String TEXT = text(Version.class.getPackage().getImplementationVersion());

  private Version() {}

  private static String text(@Nullable String manifest) {
    return manifest == null ? "dev" : manifest;
  }
}
