package org.mesohub.observation;

import java.util.List;
import java.util.OptionalInt;

/**
 * Observations held column by column: the unit that flows through readers, codec, queries and
 * writers. Immutable by convention: arrays are shared and may be longer than {@link #rows()}.
 *
 * @param rows number of rows
 * @param stations station dictionary; distinct keys, in no particular order unless a producer
 *     promises one
 * @param station per row, index into {@code stations}
 * @param timeMicros per row, instant of the observation, microseconds since 1970-01-01T00:00Z
 * @param columns one vector of {@code rows} cells per column; distinct columns
 */
@SuppressWarnings("ArrayRecordComponent")
public record ObservationBatch(
    int rows,
    List<StationKey> stations,
    int[] station,
    long[] timeMicros,
    List<ColumnVector> columns) {

  public StationKey stationAt(int row) {
    return stations.get(station[row]);
  }

  /** Position of a column in {@link #columns()}. */
  public OptionalInt indexOf(Column column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).column().equals(column)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
