package org.mesohub.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.query.AnswerBatch;

/** Rows as a table for people; columns without any value are left out. */
final class AnswerTable {
  private static final int KEY_CELLS = 3;

  private AnswerTable() {}

  static String render(RowsAnswer answer) {
    List<Column> columns = answer.columns();
    var rows = new ArrayList<String[]>();
    for (AnswerBatch batch = answer.next(); batch != null; batch = answer.next()) {
      append(rows, batch.rows(), columns.size());
    }
    var heading = new String[KEY_CELLS + columns.size()];
    heading[0] = "NETWORK";
    heading[1] = "STATION";
    heading[2] = "TIME";
    for (int c = 0; c < columns.size(); c++) {
      heading[KEY_CELLS + c] = VariableDictionary.label(columns.get(c));
    }
    int[] kept = withValues(rows, heading.length);
    var table = new TextTable(true);
    table.row(pick(heading, kept));
    rows.forEach(row -> table.row(pick(row, kept)));
    return table.render();
  }

  private static void append(List<String[]> rows, ObservationBatch batch, int columns) {
    for (int i = 0; i < batch.rows(); i++) {
      var cells = new String[KEY_CELLS + columns];
      cells[0] = batch.stationAt(i).network();
      cells[1] = batch.stationAt(i).station();
      cells[2] = Timestamps.format(batch.timeMicros()[i]);
      for (int c = 0; c < columns; c++) {
        cells[KEY_CELLS + c] = cell(batch.columns().get(c), i);
      }
      rows.add(cells);
    }
  }

  private static String cell(ColumnVector vector, int row) {
    if (!vector.isPresent(row)) {
      return "";
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return new Decimal(decimals.unscaled()[row], decimals.states()[row]).toString();
    }
    if (vector instanceof ColumnVector.Texts texts) {
      return texts.dictionary()[texts.codes()[row]];
    }
    return Float.toString(((ColumnVector.Floats) vector).values()[row]);
  }

  private static int[] withValues(List<String[]> rows, int cells) {
    boolean[] used = new boolean[cells];
    Arrays.fill(used, 0, KEY_CELLS, true);
    for (String[] row : rows) {
      for (int c = KEY_CELLS; c < cells; c++) {
        used[c] |= !row[c].isEmpty();
      }
    }
    return java.util.stream.IntStream.range(0, cells).filter(c -> used[c]).toArray();
  }

  private static String[] pick(String[] row, int[] kept) {
    return Arrays.stream(kept).mapToObj(c -> row[c]).toArray(String[]::new);
  }
}
