package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Batches;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** Versions of some blocks of a slice, keys asked for only, origins resolved; a block at a time. */
final class SliceCursor implements VersionCursor {
  private final OpenSlice slice;
  private final List<Column> columns;
  private final int end;
  private int next;

  SliceCursor(OpenSlice slice, int fromBlock, int toBlock, List<Column> columns) {
    this.slice = slice;
    this.columns = columns;
    this.next = fromBlock;
    this.end = toBlock;
  }

  @Override
  public @Nullable VersionBatch next() {
    while (next < end) {
      BlockRows rows = slice.rows(next++);
      if (rows != null) {
        int[] picks = rows.picks();
        if (picks == null) {
          return batch(rows);
        }
        if (picks.length > 0) {
          return Batches.gather(batch(rows), picks, picks.length);
        }
      }
    }
    return null;
  }

  private VersionBatch batch(BlockRows rows) {
    var vectors = new ArrayList<ColumnVector>();
    for (Column column : columns) {
      ColumnVector vector = rows.column(column);
      if (vector != null) {
        vectors.add(vector);
      }
    }
    return new VersionBatch(
        new ObservationBatch(
            rows.rows(), slice.chunk().stations(), rows.station(), rows.timeMicros(), vectors),
        slice.origins(),
        rows.origin());
  }
}
