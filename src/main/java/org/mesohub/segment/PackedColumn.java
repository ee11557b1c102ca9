package org.mesohub.segment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;

/**
 * The cells of a column in little memory, any of them at hand: for keeping what was decoded. Most
 * columns of most blocks have one state for values and one for their lack; then a number alone says
 * both. Immutable.
 */
public final class PackedColumn {
  /** Says that there are several: then {@link #states} has them row by row. */
  private static final byte VARIOUS = Byte.MIN_VALUE;

  private final Column column;
  private final int rows;

  /** Values, none where no value is present: unscaled decimals, bits of floats, codes of texts. */
  private final PackedLongs numbers;

  private final byte presentState;
  private final byte otherState;
  private final byte @Nullable [] states;

  /** Of texts. */
  private final String @Nullable [] dictionary;

  private PackedColumn(
      Column column,
      int rows,
      PackedLongs numbers,
      byte presentState,
      byte otherState,
      String @Nullable [] dictionary,
      byte @Nullable [] states) {
    this.column = column;
    this.rows = rows;
    this.numbers = numbers;
    this.presentState = presentState;
    this.otherState = otherState;
    this.dictionary = dictionary;
    this.states = states;
  }

  public static PackedColumn of(ColumnVector cells) {
    int rows = cells.size();
    byte[] states = cells.states();
    byte present = CellState.ABSENT;
    byte other = 0;
    for (int row = 0; row < rows; row++) {
      byte state = states[row];
      if (state >= 0) {
        present = present == CellState.ABSENT || present == state ? state : VARIOUS;
      } else {
        other = other == 0 || other == state ? state : VARIOUS;
      }
    }
    boolean various = present == VARIOUS || other == VARIOUS;
    return new PackedColumn(
        cells.column(),
        rows,
        PackedLongs.of(numbers(cells), states, rows),
        present,
        other,
        cells instanceof ColumnVector.Texts texts ? texts.dictionary() : null,
        various ? Arrays.copyOf(states, rows) : null);
  }

  private static long[] numbers(ColumnVector cells) {
    if (cells instanceof ColumnVector.Decimals decimals) {
      return decimals.unscaled();
    }
    var numbers = new long[cells.size()];
    if (cells instanceof ColumnVector.Floats floats) {
      for (int row = 0; row < numbers.length; row++) {
        numbers[row] = Float.floatToRawIntBits(floats.values()[row]);
      }
    } else if (cells instanceof ColumnVector.Texts texts) {
      for (int row = 0; row < numbers.length; row++) {
        numbers[row] = texts.codes()[row];
      }
    }
    return numbers;
  }

  /** Bytes on the heap, an estimate that leaves out a dictionary of texts shared with others. */
  public int bytes() {
    return 56 + numbers.bytes() + (states == null ? 0 : 16 + states.length);
  }

  /** The cells of all rows. */
  public ColumnVector unpack() {
    byte[] of = states;
    if (of == null) {
      of = new byte[rows];
      if (presentState != 0) {
        Arrays.fill(of, presentState);
      }
      if (numbers.hasNone()) {
        numbers.markNone(of, otherState);
      }
    }
    return vector(numbers.unpack(), of, rows);
  }

  /** The cells of some rows, in the order given. */
  public ColumnVector gather(int[] picks) {
    var of = new byte[picks.length];
    if (states == null && presentState != 0) {
      Arrays.fill(of, presentState);
    }
    long[] values = numbers.gather(picks, of, otherState);
    if (states != null) {
      of = ColumnGather.bytes(states, picks, picks.length);
    }
    return vector(values, of, picks.length);
  }

  private ColumnVector vector(long[] values, byte[] of, int size) {
    return switch (column.kind()) {
      case DECIMAL -> new ColumnVector.Decimals(column, size, of, values);
      case FLOAT32 -> {
        var floats = new float[size];
        for (int i = 0; i < size; i++) {
          floats[i] = Float.intBitsToFloat((int) values[i]);
        }
        yield new ColumnVector.Floats(column, size, of, floats);
      }
      case TEXT -> {
        var codes = new int[size];
        for (int i = 0; i < size; i++) {
          codes[i] = (int) values[i];
        }
        String[] texts = dictionary;
        yield new ColumnVector.Texts(
            column, size, of, codes, texts == null ? new String[0] : texts);
      }
    };
  }
}
