package org.mesohub.observation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills a batch row by row. A cell that is not set is {@link CellState#ABSENT}. Not thread-safe;
 * {@link #build()} hands the arrays over and leaves the builder empty, with the same columns and
 * station dictionary.
 */
public final class BatchBuilder {
  private final List<StationKey> stations = new ArrayList<>();
  private final Map<StationKey, Integer> stationIndex = new HashMap<>();
  private final List<Cells> columns = new ArrayList<>();
  private final Map<Column, Integer> columnIndex = new HashMap<>();
  private int capacity;
  private int rows;
  private int[] station;
  private long[] timeMicros;

  public BatchBuilder(int capacity) {
    this.capacity = Math.max(16, capacity);
    this.station = new int[this.capacity];
    this.timeMicros = new long[this.capacity];
  }

  /** Rows added since the last {@link #build()}. */
  public int rows() {
    return rows;
  }

  /** Index of a station in the dictionary, added when new. */
  public int station(StationKey key) {
    return stationIndex.computeIfAbsent(
        key,
        k -> {
          stations.add(k);
          return stations.size() - 1;
        });
  }

  /** Position of a column, added when new. */
  public int column(Column column) {
    return columnIndex.computeIfAbsent(
        column,
        c -> {
          columns.add(new Cells(c, capacity));
          return columns.size() - 1;
        });
  }

  /** Starts a row; the cell setters then apply to it. */
  public void addRow(int stationIndexInDictionary, long rowTimeMicros) {
    if (rows == capacity) {
      grow();
    }
    station[rows] = stationIndexInDictionary;
    timeMicros[rows] = rowTimeMicros;
    rows++;
  }

  /** Sets a number by its digits and the {@link CellState} that tells how it is spelled. */
  public void decimal(int column, long unscaled, int state) {
    Cells cells = columns.get(column);
    cells.longs[rows - 1] = unscaled;
    cells.states[rows - 1] = (byte) state;
  }

  public void float32(int column, float value) {
    Cells cells = columns.get(column);
    cells.floats[rows - 1] = value;
    cells.states[rows - 1] = 0;
  }

  public void text(int column, String value) {
    Cells cells = columns.get(column);
    cells.ints[rows - 1] = cells.dictionary.computeIfAbsent(value, v -> cells.dictionary.size());
    cells.states[rows - 1] = 0;
  }

  public void missing(int column) {
    columns.get(column).states[rows - 1] = CellState.MISSING;
  }

  /** Takes the current row back, as when a later field of its line proves bad. */
  public void dropRow() {
    rows--;
    for (Cells cells : columns) {
      cells.states[rows] = CellState.ABSENT;
    }
  }

  /** The rows so far as a batch. */
  public ObservationBatch build() {
    List<ColumnVector> vectors = new ArrayList<>(columns.size());
    for (Cells cells : columns) {
      vectors.add(cells.vector(rows));
    }
    var batch = new ObservationBatch(rows, List.copyOf(stations), station, timeMicros, vectors);
    station = new int[capacity];
    timeMicros = new long[capacity];
    columns.replaceAll(cells -> new Cells(cells.column, capacity));
    rows = 0;
    return batch;
  }

  private void grow() {
    capacity = capacity * 2;
    station = Arrays.copyOf(station, capacity);
    timeMicros = Arrays.copyOf(timeMicros, capacity);
    for (Cells cells : columns) {
      cells.grow(capacity);
    }
  }

  /** The cells of one column while it is being filled. */
  private static final class Cells {
    final Column column;
    byte[] states;
    long[] longs;
    float[] floats;
    int[] ints;
    final Map<String, Integer> dictionary = new HashMap<>();

    Cells(Column column, int capacity) {
      this.column = column;
      this.states = new byte[capacity];
      Arrays.fill(states, CellState.ABSENT);
      this.longs = new long[column.kind() == ValueKind.DECIMAL ? capacity : 0];
      this.floats = new float[column.kind() == ValueKind.FLOAT32 ? capacity : 0];
      this.ints = new int[column.kind() == ValueKind.TEXT ? capacity : 0];
    }

    void grow(int capacity) {
      int from = states.length;
      states = Arrays.copyOf(states, capacity);
      Arrays.fill(states, from, capacity, CellState.ABSENT);
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
