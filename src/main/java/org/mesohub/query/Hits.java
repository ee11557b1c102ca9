package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Origin;

/** Rows that matched: positions among the rows of a block or a merged batch. At least one. */
interface Hits extends Cells {
  /** Positions of the rows that matched, ascending; null when all did. */
  int @Nullable [] picks();

  /** Number of rows that matched. */
  int count();

  /** Station dictionary, ascending. */
  List<StationKey> stations();

  /** Per row, matched or not: index into {@link #stations()}. */
  int[] station();

  /** Per row, matched or not. */
  long[] timeMicros();

  /** Per row, matched or not; null when all are 0. */
  byte @Nullable [] flags();

  /** The cells of a column at {@link #picks()}; null when there is none. */
  default @Nullable ColumnVector picked(Column column) {
    int[] picks = picks();
    ColumnVector cells = column(column);
    return cells == null || picks == null ? cells : Vectors.gather(cells, picks);
  }

  /** Origins of versions in history reads, of newest versions in stamped ones, else empty. */
  default List<Origin> origins() {
    return List.of();
  }

  /** Per row index into {@link #origins()}; null when that is empty. */
  default int @Nullable [] origin() {
    return null;
  }
}
