package org.mesohub.cli;

import java.util.ArrayList;
import java.util.List;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.Provenance;
import org.mesohub.observation.Timestamps;
import org.mesohub.query.AnswerBatch;
import org.mesohub.segment.Origin;

/** Shows where versions come from, in the columns of {@link Provenance}. */
final class HistoryColumns {
  private HistoryColumns() {}

  /** The rows with the provenance columns before their own; unchanged when they carry none. */
  static ObservationBatch with(AnswerBatch batch) {
    int[] origin = batch.origin();
    ObservationBatch rows = batch.rows();
    if (origin == null) {
      return rows;
    }
    List<Origin> origins = batch.origins();
    int size = rows.rows();
    byte[] present = new byte[size];
    long[] commits = new long[size];
    for (int i = 0; i < size; i++) {
      commits[i] = origins.get(origin[i]).commit();
    }
    var columns = new ArrayList<ColumnVector>();
    columns.add(new ColumnVector.Decimals(Provenance.COMMIT, size, present, commits));
    for (Column column : Provenance.COLUMNS.subList(1, Provenance.COLUMNS.size())) {
      String[] texts = origins.stream().map(o -> value(o, column)).toArray(String[]::new);
      columns.add(new ColumnVector.Texts(column, size, present, origin, texts));
    }
    columns.addAll(rows.columns());
    return new ObservationBatch(size, rows.stations(), rows.station(), rows.timeMicros(), columns);
  }

  private static String value(Origin origin, Column column) {
    return switch (column.variable()) {
      case "commit_time" -> Timestamps.format(origin.originTimeMicros());
      case "cluster" -> origin.cluster();
      case "source" -> origin.source();
      default -> origin.licence();
    };
  }
}
