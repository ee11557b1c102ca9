package org.mesohub.query;

import java.util.List;

/**
 * A range query.
 *
 * @param variables variables to return, by source name or dictionary id, in this order; empty for
 *     all columns
 * @param units unit system: "source" (as stored), "dictionary", "metric" or "english"
 * @param asOfCommit commit to read at; 0 for the latest
 * @param history return every version instead of the folded rows
 * @param limit most rows to return; 0 for no limit
 * @param stamped whether each row tells the origin of its newest version, so that rows with one key
 *     from several clusters can be ranked
 */
public record Query(
    Selection selection,
    List<String> variables,
    String units,
    long asOfCommit,
    boolean history,
    long limit,
    boolean stamped) {
  /** Rows without stamps. */
  public Query(
      Selection selection,
      List<String> variables,
      String units,
      long asOfCommit,
      boolean history,
      long limit) {
    this(selection, variables, units, asOfCommit, history, limit, false);
  }

  /** The same with a stamp on each row. */
  public Query stamp() {
    return new Query(selection, variables, units, asOfCommit, history, limit, true);
  }

  /** The same for other rows. */
  public Query of(Selection other, long otherLimit) {
    return new Query(other, variables, units, asOfCommit, history, otherLimit, stamped);
  }

  /** All columns as stored of some rows, as of now. */
  public static Query of(Selection selection) {
    return new Query(selection, List.of(), "source", 0, false, 0);
  }
}
