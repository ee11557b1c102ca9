package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Origin;
import org.mesohub.segment.RowKey;

/**
 * A row as an object.
 *
 * @param origin origin of a version, null for folded rows
 */
record OracleRow(RowKey key, Map<Column, Object> cells, int flags, Origin origin) {
  static List<OracleRow> of(AnswerBatch batch) {
    var rows = new ArrayList<OracleRow>();
    for (int row = 0; row < batch.rows().rows(); row++) {
      rows.add(
          new OracleRow(
              key(batch.rows(), row),
              cells(batch.rows(), row),
              batch.flags() == null ? 0 : batch.flags()[row],
              batch.origin() == null ? null : batch.origins().get(batch.origin()[row])));
    }
    return rows;
  }

  static RowKey key(ObservationBatch rows, int row) {
    return new RowKey(rows.stationAt(row), rows.timeMicros()[row]);
  }

  static Map<Column, Object> cells(ObservationBatch rows, int row) {
    var cells = new TreeMap<Column, Object>();
    for (ColumnVector vector : rows.columns()) {
      Object cell = Cell.of(vector, row);
      if (cell != null) {
        cells.put(vector.column(), cell);
      }
    }
    return cells;
  }
}
