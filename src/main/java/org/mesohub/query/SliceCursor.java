package org.mesohub.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** Versions of some blocks of a slice, keys asked for only, origins resolved; a block at a time. */
final class SliceCursor implements VersionCursor {
  /**
   * A dictionary of the stations asked for stands in for the chunk's when it is this many times
   * shorter: merging costs by the station.
   */
  private static final int SHORTER = 4;

  private final OpenSlice slice;
  private final List<Column> columns;
  private final @Nullable SliceFilter filter;
  private final int end;

  /** Positions in the chunk's dictionary of the stations asked for; null for all. */
  private final int @Nullable [] wanted;

  private final List<StationKey> stations;
  private int next;

  SliceCursor(
      OpenSlice slice,
      int fromBlock,
      int toBlock,
      List<Column> columns,
      @Nullable SliceFilter filter) {
    this.slice = slice;
    this.columns = columns;
    this.filter = filter;
    this.next = fromBlock;
    this.end = toBlock;
    List<StationKey> all = slice.chunk().stations();
    BitSet asked = slice.stations();
    if (asked != null && asked.cardinality() * SHORTER < all.size()) {
      int[] positions = asked.stream().toArray();
      this.wanted = positions;
      this.stations = Arrays.stream(positions).mapToObj(all::get).toList();
    } else {
      this.wanted = null;
      this.stations = all;
    }
  }

  @Override
  public @Nullable VersionBatch next() {
    while (next < end) {
      int block = next++;
      boolean mayKeep = filter == null || filter.mayKeep(slice, block);
      BlockRows rows = mayKeep ? slice.rows(block) : null;
      if (rows == null) {
        continue;
      }
      if (filter != null) {
        filter.narrow(rows);
      }
      int[] picks = rows.picks();
      if (picks == null || picks.length > 0) {
        return batch(rows, picks);
      }
    }
    return null;
  }

  private VersionBatch batch(BlockRows rows, int @Nullable [] picks) {
    var vectors = new ArrayList<ColumnVector>();
    for (Column column : columns) {
      ColumnVector vector = rows.column(column, picks);
      if (vector != null) {
        vectors.add(vector);
      }
    }
    int[] station = picks == null ? rows.station() : Picks.gather(rows.station(), picks);
    int[] positions = wanted;
    if (positions != null) {
      for (int i = 0; i < station.length; i++) {
        station[i] = Arrays.binarySearch(positions, station[i]);
      }
    }
    long[] time = picks == null ? rows.timeMicros() : Picks.gather(rows.timeMicros(), picks);
    int[] origin = picks == null ? rows.origin() : Picks.gather(rows.origin(), picks);
    return new VersionBatch(
        new ObservationBatch(station.length, stations, station, time, vectors),
        slice.origins().list(),
        origin);
  }
}
