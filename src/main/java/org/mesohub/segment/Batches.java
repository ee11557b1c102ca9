package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

/**
 * Parts of batches. Station dictionaries are kept whole; arrays are shared where that is possible.
 */
public final class Batches {
  private static final Comparator<ColumnVector> BY_COLUMN =
      Comparator.comparing(ColumnVector::column);

  private Batches() {}

  /**
   * The rows {@code rows[0]} to {@code rows[count - 1]}, in this order; a row may occur more than
   * once.
   */
  public static ObservationBatch gather(ObservationBatch batch, int[] rows, int count) {
    var columns = new ArrayList<ColumnVector>(batch.columns().size());
    for (ColumnVector vector : batch.columns()) {
      columns.add(ColumnGather.gather(vector, rows, count));
    }
    return new ObservationBatch(
        count,
        batch.stations(),
        ColumnGather.ints(batch.station(), rows, count),
        ColumnGather.longs(batch.timeMicros(), rows, count),
        columns);
  }

  /**
   * Versions of some rows, like {@link #gather(ObservationBatch, int[], int)}; the origin table is
   * kept whole.
   */
  public static VersionBatch gather(VersionBatch batch, int[] rows, int count) {
    return new VersionBatch(
        gather(batch.rows(), rows, count),
        batch.origins(),
        ColumnGather.ints(batch.origin(), rows, count));
  }

  /** The rows {@code from} to {@code to - 1}. A slice that starts at row 0 shares all arrays. */
  public static ObservationBatch slice(ObservationBatch batch, int from, int to) {
    if (from < 0 || from > to || to > batch.rows()) {
      throw new IndexOutOfBoundsException(
          "rows " + from + " to " + to + " of a batch of " + batch.rows());
    }
    if (from == 0 && to == batch.rows()) {
      return batch;
    }
    boolean shared = from == 0;
    var columns = new ArrayList<ColumnVector>(batch.columns().size());
    for (ColumnVector vector : batch.columns()) {
      columns.add(slice(vector, from, to));
    }
    return new ObservationBatch(
        to - from,
        batch.stations(),
        shared ? batch.station() : Arrays.copyOfRange(batch.station(), from, to),
        shared ? batch.timeMicros() : Arrays.copyOfRange(batch.timeMicros(), from, to),
        columns);
  }

  /** Versions of the rows {@code from} to {@code to - 1}; the origin table is kept whole. */
  public static VersionBatch slice(VersionBatch batch, int from, int to) {
    return new VersionBatch(
        slice(batch.rows(), from, to),
        batch.origins(),
        from == 0 ? batch.origin() : Arrays.copyOfRange(batch.origin(), from, to));
  }

  /**
   * All rows with the given columns, in the order given; those that the batch lacks are left out.
   */
  public static ObservationBatch select(ObservationBatch batch, List<Column> columns) {
    Map<Column, ColumnVector> vectors = new HashMap<>();
    for (ColumnVector vector : batch.columns()) {
      vectors.put(vector.column(), vector);
    }
    var selected = new ArrayList<ColumnVector>(columns.size());
    for (Column column : columns) {
      ColumnVector vector = vectors.get(column);
      if (vector != null) {
        selected.add(vector);
      }
    }
    return withColumns(batch, selected);
  }

  /** The batch with its columns in ascending order. */
  static ObservationBatch ascendingColumns(ObservationBatch batch) {
    List<ColumnVector> columns = batch.columns();
    for (int i = 1; i < columns.size(); i++) {
      if (BY_COLUMN.compare(columns.get(i - 1), columns.get(i)) > 0) {
        return withColumns(batch, columns.stream().sorted(BY_COLUMN).toList());
      }
    }
    return batch;
  }

  private static ObservationBatch withColumns(ObservationBatch batch, List<ColumnVector> columns) {
    return new ObservationBatch(
        batch.rows(), batch.stations(), batch.station(), batch.timeMicros(), columns);
  }

  private static ColumnVector slice(ColumnVector vector, int from, int to) {
    boolean shared = from == 0;
    int size = to - from;
    byte[] states = shared ? vector.states() : Arrays.copyOfRange(vector.states(), from, to);
    if (vector instanceof ColumnVector.Decimals decimals) {
      long[] unscaled = decimals.unscaled();
      return new ColumnVector.Decimals(
          decimals.column(),
          size,
          states,
          shared ? unscaled : Arrays.copyOfRange(unscaled, from, to));
    }
    if (vector instanceof ColumnVector.Floats floats) {
      float[] values = floats.values();
      return new ColumnVector.Floats(
          floats.column(), size, states, shared ? values : Arrays.copyOfRange(values, from, to));
    }
    var texts = (ColumnVector.Texts) vector;
    return new ColumnVector.Texts(
        texts.column(),
        size,
        states,
        shared ? texts.codes() : Arrays.copyOfRange(texts.codes(), from, to),
        texts.dictionary());
  }
}
