package org.mesohub.observation;

import java.util.List;

/**
 * Where row versions come from, as columns like any other, so that every format can show them.
 * Named plainly, and not read back: they are no observations.
 */
public final class Provenance {
  public static final Column COMMIT = new Column("commit", "", 0, 0, "", ValueKind.DECIMAL);
  public static final Column COMMIT_TIME = text("commit_time");
  public static final Column CLUSTER = text("cluster");
  public static final Column SOURCE = text("source");
  public static final Column LICENCE = text("licence");

  /** In the order in which they are shown. */
  public static final List<Column> COLUMNS = List.of(COMMIT, COMMIT_TIME, CLUSTER, SOURCE, LICENCE);

  private Provenance() {}

  private static Column text(String name) {
    return new Column(name, "", 0, 0, "", ValueKind.TEXT);
  }
}
