package org.mesohub.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

/**
 * Collects rows into batches for a sink. A row is filled in place and counts only once {@link
 * #endRow} is called, so that a row that proves bad half way needs no undoing. Arrays start small
 * and grow, so that a put of one row costs little.
 */
final class BatchFiller {
  private static final int CAPACITY_FIRST = 64;

  /** Arrays grow by this factor. */
  private static final int GROWTH = 4;

  private final int rowsMax;
  private final RowSink sink;
  private final Map<Column, Integer> columnIndex = new HashMap<>();
  private Cells[] cells = new Cells[0];
  private int capacity;

  /** Rows that the next arrays have room for at first. */
  private int capacityNext = CAPACITY_FIRST;

  private int row;

  /** Whether the current row was begun and not ended, so that it may hold cells of a bad line. */
  private boolean begun;

  private int[] station = new int[0];
  private long[] timeMicros = new long[0];

  /** Stations of the rows. */
  final StationInterner stations;

  BatchFiller(ReaderOptions options, RowSink sink) {
    this.rowsMax = options.batchRowsMax();
    this.sink = sink;
    this.stations = new StationInterner(options.stations());
  }

  /** Position of a column, added when new. */
  int column(Column column) {
    return columnIndex.computeIfAbsent(
        column,
        c -> {
          cells = Arrays.copyOf(cells, cells.length + 1);
          cells[cells.length - 1] = new Cells(c, capacity);
          return cells.length - 1;
        });
  }

  /** Makes room for a row in which every cell is absent so far. */
  void startRow() {
    if (row == capacity) {
      grow();
    }
    if (begun) {
      for (Cells c : cells) {
        c.states[row] = CellState.ABSENT;
      }
    }
    begun = true;
  }

  void decimal(int column, long unscaled, int state) {
    Cells c = cells[column];
    c.longs[row] = unscaled;
    c.states[row] = (byte) state;
  }

  void float32(int column, float value) {
    Cells c = cells[column];
    c.floats[row] = value;
    c.states[row] = 0;
  }

  void text(int column, String value) {
    Cells c = cells[column];
    c.ints[row] = c.dictionary.computeIfAbsent(value, v -> c.dictionary.size());
    c.states[row] = 0;
  }

  void missing(int column) {
    cells[column].states[row] = CellState.MISSING;
  }

  /** Makes the current row count; hands the batch over when it is full. */
  void endRow(int stationIndex, long micros) {
    station[row] = stationIndex;
    timeMicros[row] = micros;
    begun = false;
    row++;
    if (row == rowsMax) {
      flush();
    }
  }

  /** Hands over the rows so far, if any. */
  void flush() {
    if (row == 0) {
      return;
    }
    List<ColumnVector> vectors = new ArrayList<>(cells.length);
    for (Cells c : cells) {
      vectors.add(c.vector(row));
    }
    var batch = new ObservationBatch(row, stations.take(), station, timeMicros, vectors);
    capacityNext = capacity;
    row = 0;
    release();
    sink.batch(batch);
  }

  /** The arrays belong to the batch now; others are made when another row comes. */
  private void release() {
    capacity = 0;
    begun = false;
    station = new int[0];
    timeMicros = new long[0];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new Cells(cells[i].column, 0);
    }
  }

  private void grow() {
    capacity = Math.min(rowsMax, Math.max(capacityNext, capacity * GROWTH));
    station = Arrays.copyOf(station, capacity);
    timeMicros = Arrays.copyOf(timeMicros, capacity);
    for (Cells c : cells) {
      c.grow(capacity);
    }
  }

  /** The cells of one column while they are being filled. */
  private static final class Cells {
    final Column column;
    final Map<String, Integer> dictionary = new HashMap<>();
    byte[] states;
    long[] longs;
    float[] floats;
    int[] ints;

    Cells(Column column, int capacity) {
      this.column = column;
      states = new byte[capacity];
      Arrays.fill(states, CellState.ABSENT);
      longs = new long[0];
      floats = new float[0];
      ints = new int[0];
      growValues(capacity);
    }

    void grow(int capacity) {
      int from = states.length;
      states = Arrays.copyOf(states, capacity);
      Arrays.fill(states, from, capacity, CellState.ABSENT);
      growValues(capacity);
    }

    private void growValues(int capacity) {
      switch (column.kind()) {
        case DECIMAL -> longs = Arrays.copyOf(longs, capacity);
        case FLOAT32 -> floats = Arrays.copyOf(floats, capacity);
        case TEXT -> ints = Arrays.copyOf(ints, capacity);
      }
    }

    ColumnVector vector(int rows) {
      return switch (column.kind()) {
        case DECIMAL -> new ColumnVector.Decimals(column, rows, states, longs);
        case FLOAT32 -> new ColumnVector.Floats(column, rows, states, floats);
        case TEXT -> {
          var texts = new String[dictionary.size()];
          dictionary.forEach((text, code) -> texts[code] = text);
          yield new ColumnVector.Texts(column, rows, states, ints, texts);
        }
      };
    }
  }
}
