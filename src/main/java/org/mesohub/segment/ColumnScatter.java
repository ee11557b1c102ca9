package org.mesohub.segment;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

/**
 * Lays ranges of rows of several batches into one, over the union of their columns. Every range is
 * read in sequence and written where its rows belong, which costs one indirection per cell.
 */
final class ColumnScatter {
  /**
   * A range of rows.
   *
   * @param from first row
   * @param to row after the last
   * @param place index of the first row in the array that tells where rows go
   */
  record Part(ObservationBatch batch, int from, int to, int place) {
    int rows() {
      return to - from;
    }
  }

  private final List<Part> parts;
  private final int[] target;
  private final int rows;
  private final boolean[] contiguous;

  /**
   * @param parts ranges that together fill all rows
   * @param target per place the row it goes to; ascending within a part
   * @param rows number of rows of the result
   */
  ColumnScatter(List<Part> parts, int[] target, int rows) {
    this.parts = parts;
    this.target = target;
    this.rows = rows;
    this.contiguous = new boolean[parts.size()];
    for (int p = 0; p < contiguous.length; p++) {
      Part part = parts.get(p);
      int last = part.rows() - 1;
      contiguous[p] = last < 0 || target[part.place() + last] - target[part.place()] == last;
    }
  }

  /** The columns of the result, ascending; absent where the batch of a row lacks one. */
  List<ColumnVector> columns() {
    Map<Column, @Nullable ColumnVector[]> byColumn = new HashMap<>();
    for (int p = 0; p < parts.size(); p++) {
      for (ColumnVector vector : parts.get(p).batch().columns()) {
        byColumn.computeIfAbsent(vector.column(), c -> new ColumnVector[parts.size()])[p] = vector;
      }
    }
    return byColumn.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> scatter(entry.getKey(), entry.getValue()))
        .toList();
  }

  private ColumnVector scatter(Column column, @Nullable ColumnVector[] vectors) {
    byte[] states = states(vectors);
    return switch (column.kind()) {
      case DECIMAL -> new ColumnVector.Decimals(column, rows, states, longs(vectors));
      case FLOAT32 -> new ColumnVector.Floats(column, rows, states, floats(vectors));
      case TEXT -> texts(column, states, vectors);
    };
  }

  private byte[] states(@Nullable ColumnVector[] vectors) {
    var to = new byte[rows];
    if (Arrays.asList(vectors).contains(null)) {
      Arrays.fill(to, CellState.ABSENT);
    }
    for (int p = 0; p < vectors.length; p++) {
      ColumnVector vector = vectors[p];
      if (vector == null) {
        continue;
      }
      byte[] from = vector.states();
      Part part = parts.get(p);
      if (contiguous[p]) {
        copy(part, from, to);
      } else {
        int shift = part.place() - part.from();
        for (int row = part.from(); row < part.to(); row++) {
          to[target[row + shift]] = from[row];
        }
      }
    }
    return to;
  }

  private long[] longs(@Nullable ColumnVector[] vectors) {
    var to = new long[rows];
    for (int p = 0; p < vectors.length; p++) {
      if (vectors[p] instanceof ColumnVector.Decimals decimals) {
        scatter(p, decimals.unscaled(), to);
      }
    }
    return to;
  }

  private float[] floats(@Nullable ColumnVector[] vectors) {
    var to = new float[rows];
    for (int p = 0; p < vectors.length; p++) {
      if (!(vectors[p] instanceof ColumnVector.Floats floats)) {
        continue;
      }
      float[] from = floats.values();
      Part part = parts.get(p);
      if (contiguous[p]) {
        copy(part, from, to);
      } else {
        int shift = part.place() - part.from();
        for (int row = part.from(); row < part.to(); row++) {
          to[target[row + shift]] = from[row];
        }
      }
    }
    return to;
  }

  private ColumnVector texts(Column column, byte[] states, @Nullable ColumnVector[] vectors) {
    var to = new int[rows];
    var dictionary = new TextUnion();
    for (int p = 0; p < vectors.length; p++) {
      if (!(vectors[p] instanceof ColumnVector.Texts texts)) {
        continue;
      }
      dictionary.take(texts.dictionary());
      Part part = parts.get(p);
      int shift = part.place() - part.from();
      for (int row = part.from(); row < part.to(); row++) {
        if (texts.states()[row] >= 0) {
          to[target[row + shift]] = dictionary.code(texts.codes()[row]);
        }
      }
    }
    return new ColumnVector.Texts(column, rows, states, to, dictionary.texts());
  }

  private void scatter(int p, long[] from, long[] to) {
    Part part = parts.get(p);
    if (contiguous[p]) {
      copy(part, from, to);
      return;
    }
    int shift = part.place() - part.from();
    for (int row = part.from(); row < part.to(); row++) {
      to[target[row + shift]] = from[row];
    }
  }

  @SuppressWarnings("SuspiciousSystemArraycopy")
  private void copy(Part part, Object from, Object to) {
    if (part.rows() > 0) {
      System.arraycopy(from, part.from(), to, target[part.place()], part.rows());
    }
  }
}
