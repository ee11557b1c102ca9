package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;

/** The cells of one column in a {@link RowBuffer} that are not absent, in row order. */
final class ColumnCells {
  final Column column;
  int size;

  /** Row of the buffer per cell. */
  int[] row;

  byte[] state;

  /** Per cell: unscaled decimal, float bits, or index into {@link #texts}; any when missing. */
  long[] value;

  /** Distinct texts in order of appearance. */
  final List<String> texts = new ArrayList<>();

  private final Map<String, Integer> textIndex = new HashMap<>();

  /**
   * @param capacity cells there is room for at first
   */
  ColumnCells(Column column, int capacity) {
    this.column = column;
    this.row = new int[capacity];
    this.state = new byte[capacity];
    this.value = new long[capacity];
  }

  /** Forgets all cells and keeps the arrays. */
  void clear() {
    size = 0;
    texts.clear();
    textIndex.clear();
  }

  /** First cell at or after a row. */
  int lowerBound(int atRow) {
    int found = Arrays.binarySearch(row, 0, size, atRow);
    return found >= 0 ? found : -found - 1;
  }

  /**
   * Appends rows {@code [from, to)} of a vector; {@code shift} leads from its rows to the buffer's.
   */
  void append(ColumnVector vector, int from, int to, int shift) {
    ensure(size + to - from);
    byte[] states = vector.states();
    if (vector instanceof ColumnVector.Decimals decimals) {
      appendDecimals(states, decimals.unscaled(), from, to, shift);
    } else if (vector instanceof ColumnVector.Floats floats) {
      appendFloats(states, floats.values(), from, to, shift);
    } else if (vector instanceof ColumnVector.Texts source) {
      appendTexts(states, source, from, to, shift);
    }
  }

  private void appendDecimals(byte[] states, long[] unscaled, int from, int to, int shift) {
    if (isNoneAbsent(states, from, to)) {
      System.arraycopy(states, from, state, size, to - from);
      System.arraycopy(unscaled, from, value, size, to - from);
      for (int i = from; i < to; i++) {
        row[size + i - from] = i + shift;
      }
      size += to - from;
      return;
    }
    for (int i = from; i < to; i++) {
      byte s = states[i];
      if (s != CellState.ABSENT) {
        row[size] = i + shift;
        state[size] = s;
        value[size++] = unscaled[i];
      }
    }
  }

  private static boolean isNoneAbsent(byte[] states, int from, int to) {
    int absent = 0;
    for (int i = from; i < to; i++) {
      absent |= states[i] == CellState.ABSENT ? 1 : 0;
    }
    return absent == 0;
  }

  private void appendFloats(byte[] states, float[] values, int from, int to, int shift) {
    for (int i = from; i < to; i++) {
      byte s = states[i];
      if (s != CellState.ABSENT) {
        row[size] = i + shift;
        state[size] = s >= 0 ? 0 : s;
        value[size++] = s >= 0 ? Float.floatToRawIntBits(values[i]) : 0;
      }
    }
  }

  private void appendTexts(byte[] states, ColumnVector.Texts source, int from, int to, int shift) {
    var map = new int[source.dictionary().length];
    Arrays.fill(map, -1);
    for (int i = from; i < to; i++) {
      byte s = states[i];
      if (s != CellState.ABSENT) {
        row[size] = i + shift;
        state[size] = s >= 0 ? 0 : s;
        value[size++] = s >= 0 ? text(source, source.codes()[i], map) : 0;
      }
    }
  }

  private int text(ColumnVector.Texts source, int code, int[] map) {
    int mapped = map[code];
    if (mapped < 0) {
      String text = source.dictionary()[code];
      mapped = textIndex.computeIfAbsent(text, t -> texts.size());
      if (mapped == texts.size()) {
        texts.add(text);
      }
      map[code] = mapped;
    }
    return mapped;
  }

  private void ensure(int needed) {
    if (needed > row.length) {
      int capacity = Math.max(needed, row.length * 2);
      row = Arrays.copyOf(row, capacity);
      state = Arrays.copyOf(state, capacity);
      value = Arrays.copyOf(value, capacity);
    }
  }
}
