package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.v1.ColumnBatch;
import org.mesohub.proto.v1.Station;

/**
 * Reads and checks column batches; a batch that breaks a rule fails as INVALID with the field's
 * name.
 */
final class BatchDecoder {
  private BatchDecoder() {}

  /** Rows of a batch whose columns are those of the header. */
  static ObservationBatch rows(ColumnBatch batch, List<Column> columns) {
    int rows = batch.getRows();
    if (rows < 0 || rows > BatchCodec.ROWS_MAX) {
      throw invalid("batch.rows: " + rows + " is not in 0.." + BatchCodec.ROWS_MAX);
    }
    if (batch.getColumnsCount() != columns.size()) {
      throw invalid(
          "batch.columns: "
              + batch.getColumnsCount()
              + " given, the header names "
              + columns.size());
    }
    List<StationKey> stations = stations(batch.getStationsList());
    int[] station = station(batch, rows, stations.size());
    long[] times = times(batch, rows);
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      vectors.add(
          CellsDecoder.vector(
              batch.getColumns(i), columns.get(i), rows, "batch.columns[" + i + "]"));
    }
    return new ObservationBatch(rows, stations, station, times, vectors);
  }

  private static List<StationKey> stations(List<Station> stations) {
    var keys = new ArrayList<StationKey>(stations.size());
    var seen = new HashSet<StationKey>();
    for (int i = 0; i < stations.size(); i++) {
      Station given = stations.get(i);
      var key = new StationKey(given.getNetwork(), given.getId());
      check(key.network(), true, i, "network");
      check(key.station(), false, i, "id");
      if (!seen.add(key)) {
        throw invalid("batch.stations[" + i + "]: " + key + " is there already; name each once");
      }
      keys.add(key);
    }
    return keys;
  }

  private static void check(String id, boolean mayBeEmpty, int index, String field) {
    if (StationKey.isTooLong(id) || (id.isEmpty() && !mayBeEmpty)) {
      throw invalid(
          "batch.stations[%d].%s: %d to %d UTF-8 bytes are needed"
              .formatted(index, field, mayBeEmpty ? 0 : 1, StationKey.ID_BYTES_MAX));
    }
  }

  private static int[] station(ColumnBatch batch, int rows, int stations) {
    length("batch.station", batch.getStationCount(), rows);
    int[] station = new int[rows];
    for (int i = 0; i < rows; i++) {
      int index = batch.getStation(i);
      if (index < 0 || index >= stations) {
        throw invalid(
            "batch.station[" + i + "]: no such station, there are " + stations + " in stations");
      }
      station[i] = index;
    }
    return station;
  }

  private static long[] times(ColumnBatch batch, int rows) {
    length("batch.time_delta_us", batch.getTimeDeltaUsCount(), rows);
    long[] times = new long[rows];
    long time = 0;
    for (int i = 0; i < rows; i++) {
      time += batch.getTimeDeltaUs(i);
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
