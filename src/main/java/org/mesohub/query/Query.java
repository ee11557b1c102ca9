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
 */
public record Query(
    Selection selection,
    List<String> variables,
    String units,
    long asOfCommit,
    boolean history,
    long limit) {
  /** All columns as stored of some rows, as of now. */
  public static Query of(Selection selection) {
    return new Query(selection, List.of(), "source", 0, false, 0);
  }
}
