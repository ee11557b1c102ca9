package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;

/**
 * Reads and checks column batches; a batch that breaks a rule fails as INVALID with the field's
 * name.
 */
final class BatchDecoder {
  private BatchDecoder() {}

  /** Rows of a batch whose columns are those of the header. */
  static ObservationBatch rows(WireBatch batch, List<Column> columns) {
    int rows = batch.rows;
    if (rows < 0 || rows > BatchCodec.ROWS_MAX) {
      throw invalid("batch.rows: " + rows + " is not in 0.." + BatchCodec.ROWS_MAX);
    }
    if (batch.columnsGiven != columns.size()) {
      throw invalid(
          "batch.columns: " + batch.columnsGiven + " given, the header names " + columns.size());
    }
    List<StationKey> stations = batch.stations;
    check(stations);
    int[] station = station(batch.station, rows, stations.size());
    long[] times = times(batch.timeDelta, rows);
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      vectors.add(
          CellsDecoder.vector(
              batch.columns.get(i), columns.get(i), rows, "batch.columns[" + i + "]"));
    }
    return new ObservationBatch(rows, stations, station, times, vectors);
  }

  /** Stations that ascend, as in answers, are distinct; others are remembered. */
  private static void check(List<StationKey> stations) {
    Set<StationKey> seen = null;
    for (int i = 0; i < stations.size(); i++) {
      StationKey key = stations.get(i);
      check(key.network(), true, i, "network");
      check(key.station(), false, i, "id");
      if (seen == null && i > 0 && stations.get(i - 1).compareTo(key) >= 0) {
        seen = new HashSet<>(stations.subList(0, i));
      }
      if (seen != null && !seen.add(key)) {
        throw invalid("batch.stations[" + i + "]: " + key + " is there already; name each once");
      }
    }
  }

  private static void check(String id, boolean mayBeEmpty, int index, String field) {
    if (StationKey.isTooLong(id) || (id.isEmpty() && !mayBeEmpty)) {
      throw invalid(
          "batch.stations[%d].%s: %d to %d UTF-8 bytes are needed"
              .formatted(index, field, mayBeEmpty ? 0 : 1, StationKey.ID_BYTES_MAX));
    }
  }

  private static int[] station(WireNumbers given, int rows, int stations) {
    length("batch.station", given.size(), rows);
    int[] station = new int[rows];
    for (int i = 0; i < rows; i++) {
      int index = given.intAt(i);
      if (index < 0 || index >= stations) {
        throw invalid(
            "batch.station[" + i + "]: no such station, there are " + stations + " in stations");
      }
      station[i] = index;
    }
    return station;
  }

  private static long[] times(WireNumbers deltas, int rows) {
    length("batch.time_delta_us", deltas.size(), rows);
    long[] times = new long[rows];
    long time = 0;
    for (int i = 0; i < rows; i++) {
      time += deltas.values()[i];
      if (!TimeRange.ALL.contains(time)) {
        throw invalid(
            "batch.time_delta_us[" + i + "]: gives a time outside of the years 1800 to 2199");
      }
      times[i] = time;
    }
    return times;
  }

  static void length(String field, int count, int wanted) {
    if (count != wanted) {
      throw invalid(field + ": " + count + " values given, " + wanted + " are needed");
    }
  }
}
