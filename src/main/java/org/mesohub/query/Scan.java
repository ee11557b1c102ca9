package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.segment.Fold;
import org.mesohub.segment.HistoryTrim;

/**
 * What all parts of one answer share. Thread-safe.
 *
 * @param trim leaves out of a history what is not kept
 * @param columns columns to decode when versions are merged: what conditions look at and what is
 *     returned
 * @param history whether versions are returned as they are
 * @param stamped whether folded rows tell the origins of their newest versions
 * @param keeps whether what is decoded is kept for later readers
 * @param sources notes where what is read comes from
 */
record Scan(
    ChunkSource source,
    KeyScope scope,
    Predicate predicate,
    Existence existence,
    Fold fold,
    HistoryTrim trim,
    List<Column> columns,
    boolean history,
    boolean stamped,
    boolean keeps,
    AnswerSources sources) {

  Scan withScope(KeyScope other) {
    return new Scan(
        source, other, predicate, existence, fold, trim, columns, history, stamped, keeps, sources);
  }

  Scan withSources(AnswerSources other) {
    return new Scan(
        source, scope, predicate, existence, fold, trim, columns, history, stamped, keeps, other);
  }

  Scan withStamps(boolean other) {
    return new Scan(
        source, scope, predicate, existence, fold, trim, columns, history, other, keeps, sources);
  }

  /** Opens a slice; null when it has nothing asked for. */
  @Nullable OpenSlice open(Slice slice) {
    if (!scope.mayMatch(slice.part().summary(), slice.range())) {
      return null;
    }
    var opened = new OpenSlice(slice, source, scope, keeps);
    sources.add(opened.origins().sources());
    return opened;
  }
}
