package org.mesohub.grpc;

import java.util.ArrayList;
import java.util.List;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.query.AnswerBatch;

/**
 * Batches as text, one line a row, independent of dictionaries and array lengths: the oracle of
 * equality.
 */
final class BatchText {
  private BatchText() {}

  static List<String> of(AnswerBatch answer) {
    var lines = of(answer.rows());
    for (int i = 0; i < lines.size(); i++) {
      String flags = answer.flags() == null ? "-" : Byte.toString(answer.flags()[i]);
      String origin =
          answer.origin() == null ? "-" : answer.origins().get(answer.origin()[i]).toString();
      lines.set(i, lines.get(i) + " " + flags + " " + origin);
    }
    return lines;
  }

  static List<String> of(ObservationBatch batch) {
    var lines = new ArrayList<String>();
    for (int row = 0; row < batch.rows(); row++) {
      var line = new StringBuilder(batch.stationAt(row) + "@" + batch.timeMicros()[row]);
      for (ColumnVector vector : batch.columns()) {
        line.append(' ').append(vector.column()).append('=').append(cell(vector, row));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static String cell(ColumnVector vector, int row) {
    byte state = vector.states()[row];
    if (state < 0) {
      return "state" + state;
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return decimals.unscaled()[row] + "e-" + state;
    }
    if (vector instanceof ColumnVector.Floats floats) {
      return Integer.toHexString(Float.floatToRawIntBits(floats.values()[row]));
    }
    var texts = (ColumnVector.Texts) vector;
    return '"' + texts.dictionary()[texts.codes()[row]] + '"';
  }
}
