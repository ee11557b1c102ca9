package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mesohub.observation.Column;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerMerge.Order;
import org.mesohub.segment.Fold;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;
import org.mesohub.segment.VersionBatch;

/** Answers a query from rows that are stored nowhere, such as those of a cluster of other make. */
public final class RowsQuery {
  private final Query query;
  private final Predicate predicate;
  private final Projection projection;

  /**
   * Throws {@link InvalidQueryException}.
   *
   * @param stored columns that rows may have
   */
  public RowsQuery(Query query, List<Column> stored) {
    this.query = query;
    this.predicate = Conditions.compile(query.selection(), stored);
    this.projection = Projection.of(query.variables(), query.units(), stored);
  }

  /** Columns of the answer. */
  public List<Column> columns() {
    return projection.columns();
  }

  /**
   * The rows that match, each key once, with stamps.
   *
   * @param rows in any order; of equal keys the last counts
   * @param within times that are looked at
   * @param origin of all of them, resolved
   * @param order {@link Order#STATIONS}: only the latest row of each station
   */
  public List<AnswerBatch> answer(
      ObservationBatch rows, TimeRange within, Origin origin, Order order) {
    if (rows.rows() == 0) {
      return List.of();
    }
    VersionBatch folded =
        new Fold(Long.MAX_VALUE, List.of(), Set.of()).stamped(Sorter.sort(rows, origin).batch());
    ObservationBatch each = folded.rows();
    var keep = new boolean[each.rows()];
    selected(each, within, keep);
    predicate.narrow(BatchHits.cells(each), each.rows(), keep);
    Hits hits =
        BatchHits.of(each, Picks.of(keep, each.rows()), null, folded.origins(), folded.origin());
    if (hits == null) {
      return List.of();
    }
    AnswerBatch matched = projection.apply(hits);
    AnswerBatch ordered =
        order == Order.KEYS
            ? matched
            : AnswerBatches.gather(matched, LatestRows.of(matched.rows()));
    var batches = new ArrayList<AnswerBatch>();
    int count = ordered.rows().rows();
    for (int from = 0; from < count; from += AnswerBatches.ROWS_MAX) {
      batches.add(
          AnswerBatches.slice(ordered, from, Math.min(count, from + AnswerBatches.ROWS_MAX)));
    }
    return batches;
  }

  /** Of several answers the latest row of each station. */
  public static List<AnswerBatch> latest(List<AnswerBatch> answers) {
    if (answers.isEmpty()) {
      return answers;
    }
    AnswerBatch all = AnswerBatches.concat(answers);
    return List.of(AnswerBatches.gather(all, LatestRows.of(all.rows())));
  }

  private void selected(ObservationBatch rows, TimeRange within, boolean[] keep) {
    Selection selection = query.selection();
    List<StationKey> stations = rows.stations();
    var wanted = new boolean[stations.size()];
    for (int i = 0; i < wanted.length; i++) {
      StationKey station = stations.get(i);
      wanted[i] =
          (selection.networks().isEmpty() || selection.networks().contains(station.network()))
              && (selection.stations().isEmpty()
                  || selection.stations().stream().anyMatch(s -> s.matches(station)));
    }
    for (int row = 0; row < keep.length; row++) {
      keep[row] =
          wanted[rows.station()[row]]
              && selection.range().contains(rows.timeMicros()[row])
              && within.contains(rows.timeMicros()[row]);
    }
  }
}
