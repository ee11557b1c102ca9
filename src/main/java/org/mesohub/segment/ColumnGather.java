package org.mesohub.segment;

import org.mesohub.observation.CellState;
import org.mesohub.observation.ColumnVector;

/** Picks cells of a column into a new vector. */
final class ColumnGather {
  private ColumnGather() {}

  /** Cell {@code i} is that of row {@code rows[i]}, or absent where this is negative. */
  static ColumnVector gather(ColumnVector vector, int[] rows, int count) {
    byte[] states = states(vector.states(), rows, count);
    if (vector instanceof ColumnVector.Decimals decimals) {
      return new ColumnVector.Decimals(
          decimals.column(), count, states, longs(decimals.unscaled(), rows, count));
    }
    if (vector instanceof ColumnVector.Floats floats) {
      return new ColumnVector.Floats(
          floats.column(), count, states, floats(floats.values(), rows, count));
    }
    var texts = (ColumnVector.Texts) vector;
    return new ColumnVector.Texts(
        texts.column(), count, states, ints(texts.codes(), rows, count), texts.dictionary());
  }

  private static byte[] states(byte[] from, int[] rows, int count) {
    var to = new byte[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      to[i] = row < 0 ? CellState.ABSENT : from[row];
    }
    return to;
  }

  static byte[] bytes(byte[] from, int[] rows, int count) {
    var to = new byte[count];
    for (int i = 0; i < count; i++) {
      to[i] = from[rows[i]];
    }
    return to;
  }

  static long[] longs(long[] from, int[] rows, int count) {
    var to = new long[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      to[i] = row < 0 ? 0 : from[row];
    }
    return to;
  }

  private static float[] floats(float[] from, int[] rows, int count) {
    var to = new float[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      to[i] = row < 0 ? 0 : from[row];
    }
    return to;
  }

  static int[] ints(int[] from, int[] rows, int count) {
    var to = new int[count];
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      to[i] = row < 0 ? 0 : from[row];
    }
    return to;
  }
}
