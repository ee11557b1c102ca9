package org.mesohub.query;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Origin;

/** Hits among the rows of a batch. */
@SuppressWarnings("ArrayRecordComponent")
record BatchHits(
    ObservationBatch rows,
    int @Nullable [] picks,
    byte @Nullable [] flags,
    List<Origin> origins,
    int @Nullable [] origin,
    Cells cells)
    implements Hits {

  static @Nullable Hits of(
      ObservationBatch rows,
      int @Nullable [] picks,
      byte @Nullable [] flags,
      List<Origin> origins,
      int @Nullable [] origin) {
    return picks != null && picks.length == 0
        ? null
        : new BatchHits(rows, picks, flags, origins, origin, cells(rows));
  }

  static Cells cells(ObservationBatch rows) {
    Map<Column, ColumnVector> vectors = new HashMap<>();
    for (ColumnVector vector : rows.columns()) {
      vectors.put(vector.column(), vector);
    }
    return vectors::get;
  }

  @Override
  public int count() {
    return picks == null ? rows.rows() : picks.length;
  }

  @Override
  public List<StationKey> stations() {
    return rows.stations();
  }

  @Override
  public int[] station() {
    return rows.station();
  }

  @Override
  public long[] timeMicros() {
    return rows.timeMicros();
  }

  @Override
  public @Nullable ColumnVector column(Column column) {
    return cells.column(column);
  }
}
