package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/**
 * Rows waiting to become a chunk: keys row by row, cells column by column without the absent ones.
 */
final class RowBuffer {
  /** With so many columns or fewer, their arrays are kept for the next chunk. */
  private static final int COLUMNS_KEPT = 64;

  /** Cells of a column there is room for at first, at least. */
  private static final int CELLS_MIN = 256;

  /** Columns beyond these get little room at first: most cells of many columns are absent. */
  private static final int COLUMNS_ROOMY = 32;

  private final int rowsExpected;
  private int capacity;
  int rows;
  int[] station;
  long[] timeMicros;
  int[] origin;

  /** Ascending within a day; may name a station once for each day. */
  final ArrayList<StationKey> stations = new ArrayList<>();

  final List<Origin> origins = new ArrayList<>();
  final List<ColumnCells> columns = new ArrayList<>();

  /** Whether {@link #stations} ascends, as it does while rows are of one day. */
  boolean stationsAscend = true;

  private final Map<Origin, Integer> originIndex = new HashMap<>();
  private final Map<Column, ColumnCells> columnIndex = new HashMap<>();

  /**
   * @param rowsExpected rows that will come before the next chunk is cut, as far as is known; 0:
   *     unknown
   */
  RowBuffer(int rowsExpected) {
    this.rowsExpected = Math.min(rowsExpected, ChunkLimits.ROWS_MAX);
    this.capacity = Math.max(1024, this.rowsExpected);
    this.station = new int[capacity];
    this.timeMicros = new long[capacity];
    this.origin = new int[capacity];
  }

  /** For the chunks made of these rows. */
  final EncodeScratch scratch = new EncodeScratch();

  /** Cells held, those not absent. */
  long cells;

  /** Rows of a batch as they are taken into the buffer, slice by slice. */
  final class Source {
    private final VersionBatch batch;
    private final int[] stationMap;
    private final int[] originMap;

    Source(VersionBatch batch) {
      this.batch = batch;
      this.stationMap = new int[batch.rows().stations().size()];
      this.originMap = new int[batch.origins().size()];
      stations.ensureCapacity(stations.size() + Math.min(rowsExpected, stationMap.length));
      forget();
    }

    /** After {@link RowBuffer#clear()}: what was known of dictionaries is not. */
    void forget() {
      Arrays.fill(stationMap, -1);
      Arrays.fill(originMap, -1);
    }

    /** Appends the rows {@code [from, to)}. */
    void take(int from, int to) {
      ensure(rows + to - from);
      ObservationBatch source = batch.rows();
      System.arraycopy(source.timeMicros(), from, timeMicros, rows, to - from);
      for (int i = from; i < to; i++) {
        station[rows + i - from] = mapStation(source.station()[i]);
        origin[rows + i - from] = mapOrigin(batch.origin()[i]);
      }
      for (ColumnVector vector : source.columns()) {
        takeColumn(vector, from, to);
      }
      rows += to - from;
    }

    private void takeColumn(ColumnVector vector, int from, int to) {
      ColumnCells known = columnIndex.get(vector.column());
      ColumnCells target = known == null ? room(vector) : known;
      int before = target.size;
      target.append(vector, from, to, rows - from);
      cells += target.size - before;
      if (known == null && target.size > 0) {
        columns.add(target);
        columnIndex.put(vector.column(), target);
      }
    }

    private int mapStation(int index) {
      int mapped = stationMap[index];
      if (mapped < 0) {
        mapped = addStation(batch.rows().stations().get(index));
        stationMap[index] = mapped;
      }
      return mapped;
    }

    private int mapOrigin(int index) {
      int mapped = originMap[index];
      if (mapped < 0) {
        Origin key = batch.origins().get(index);
        mapped = originIndex.computeIfAbsent(key, k -> origins.size());
        if (mapped == origins.size()) {
          origins.add(key);
        }
        originMap[index] = mapped;
      }
      return mapped;
    }
  }

  private ColumnCells room(ColumnVector vector) {
    boolean roomy = columns.size() < COLUMNS_ROOMY;
    return new ColumnCells(vector.column(), roomy ? Math.max(CELLS_MIN, rowsExpected) : CELLS_MIN);
  }

  private int addStation(StationKey key) {
    int last = stations.size() - 1;
    int order = last < 0 ? -1 : stations.get(last).compareTo(key);
    stationsAscend &= order <= 0;
    if (order != 0) {
      stations.add(key);
    }
    return stations.size() - 1;
  }

  private void ensure(int needed) {
    if (needed > capacity) {
      capacity = Math.max(needed, Math.min(capacity * 2, ChunkLimits.ROWS_MAX));
      station = Arrays.copyOf(station, capacity);
      timeMicros = Arrays.copyOf(timeMicros, capacity);
      origin = Arrays.copyOf(origin, capacity);
    }
  }

  void clear() {
    rows = 0;
    cells = 0;
    stations.clear();
    stationsAscend = true;
    origins.clear();
    originIndex.clear();
    if (columns.size() > COLUMNS_KEPT) {
      columns.clear();
      columnIndex.clear();
    }
    columns.forEach(ColumnCells::clear);
  }
}
