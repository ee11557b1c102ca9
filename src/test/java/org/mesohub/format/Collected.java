package org.mesohub.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.VariableDictionary;

/** A sink that keeps everything. */
final class Collected implements RowSink {
  final List<ObservationBatch> batches = new ArrayList<>();
  final List<Reject> rejects = new ArrayList<>();
  final List<StationRecord> stations = new ArrayList<>();

  @Override
  public void batch(ObservationBatch batch) {
    batches.add(batch);
  }

  @Override
  public void reject(Reject reject) {
    rejects.add(reject);
  }

  @Override
  public void stations(List<StationRecord> more) {
    stations.addAll(more);
  }

  static Collected of(byte[] bytes) {
    return of(ReaderOptions.DEFAULTS, reader -> reader.feed(bytes, 0, bytes.length));
  }

  static Collected of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Collected of(ReaderOptions options, Consumer<FormatReader> feed) {
    var sink = new Collected();
    FormatReader reader = FormatReaders.detect(options, sink);
    feed.accept(reader);
    reader.finish();
    return sink;
  }

  static Collected ofMessages(String... messages) {
    var sink = new Collected();
    var text = new ContractText(ReaderOptions.DEFAULTS, sink);
    for (String message : messages) {
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      text.message(bytes, 0, bytes.length);
    }
    text.finish();
    return sink;
  }

  List<String> reasons() {
    return rejects.stream().map(Reject::reason).toList();
  }

  int rowCount() {
    return batches.stream().mapToInt(ObservationBatch::rows).sum();
  }

  /** Every row as text: network/station time and its cells that are not absent. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (ObservationBatch batch : batches) {
      for (int row = 0; row < batch.rows(); row++) {
        var text = new StringBuilder();
        text.append(batch.stationAt(row)).append(' ');
        text.append(Timestamps.format(batch.timeMicros()[row]));
        for (ColumnVector vector : batch.columns()) {
          if (vector.states()[row] != CellState.ABSENT) {
            text.append(' ').append(VariableDictionary.label(vector.column()));
            text.append('=').append(cell(vector, row));
          }
        }
        rows.add(text.toString());
      }
    }
    return rows;
  }

  String cell(int row, Column column) {
    ObservationBatch batch = batches.get(0);
    return cell(batch.columns().get(batch.indexOf(column).orElseThrow()), row);
  }

  static String cell(ColumnVector vector, int row) {
    int state = vector.states()[row];
    if (state < 0) {
      return state == CellState.MISSING ? "missing" : "absent";
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return new Decimal(decimals.unscaled()[row], state).toString();
    }
    if (vector instanceof ColumnVector.Floats floats) {
      return Float.toString(floats.values()[row]);
    }
    ColumnVector.Texts texts = (ColumnVector.Texts) vector;
    return texts.dictionary()[texts.codes()[row]];
  }
}
