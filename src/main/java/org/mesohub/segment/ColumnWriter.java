package org.mesohub.segment;

import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ValueKind;

/** Writes one column: its own states where it has no pattern, scales where they differ, numbers. */
final class ColumnWriter {
  /** All cells of a block are absent. */
  static final int BOUND_ABSENT = 0;

  /** Some cell is not absent, but none holds a number. */
  static final int BOUND_NONE = 1;

  /** Two binary32 numbers follow: lower and upper bound. */
  static final int BOUND_NUMBERS = 2;

  private final ChunkColumn column;
  private final KeyRows keys;
  private final @Nullable NumberColumnWriter states;
  private final @Nullable NumberColumnWriter scales;
  private final NumberColumnWriter numbers;
  private final long[] scaleOf;

  ColumnWriter(
      ChunkColumn column,
      boolean joined,
      KeyRows keys,
      Runs runs,
      int[] allRows,
      EncodeScratch scratch) {
    this.column = column;
    this.keys = keys;
    column.takePresent(scratch);
    this.states = joined ? null : stateWriter(column, keys, runs, allRows, scratch);
    boolean mixed = column.scale == ChunkColumn.MIXED_SCALES;
    this.scaleOf = mixed ? column.scales() : new long[0];
    this.scales =
        mixed
            ? NumberColumnWriter.of(
                column.presentRow,
                scaleOf,
                column.present,
                keys,
                runs,
                scratch,
                Prediction.PLAIN,
                Prediction.REPEAT)
            : null;
    int[] modes =
        column.column.kind() == ValueKind.DECIMAL
            ? new int[] {Prediction.DELTA, Prediction.PLAIN, Prediction.REPEAT}
            : new int[] {Prediction.PLAIN, Prediction.REPEAT};
    this.numbers =
        NumberColumnWriter.of(
            column.presentRow, column.value, column.present, keys, runs, scratch, modes);
  }

  private static NumberColumnWriter stateWriter(
      ChunkColumn column, KeyRows keys, Runs runs, int[] allRows, EncodeScratch scratch) {
    var symbols = new byte[keys.rows()];
    column.symbols(symbols, keys.rows());
    var wide = new long[symbols.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = symbols[i];
    }
    return NumberColumnWriter.of(
        allRows, wide, wide.length, keys, runs, scratch, Prediction.PLAIN, Prediction.REPEAT);
  }

  void writeHeader(HeaderLanes lanes, ByteWriter texts) {
    HeaderTexts.write(lanes.meta, column.column);
    lanes.meta.u8(states == null ? 0 : 1);
    if (states != null) {
      states.writeTables(lanes);
    }
    lanes.meta.u8(column.scale);
    if (scales != null) {
      scales.writeTables(lanes);
    }
    numbers.writeTables(lanes);
    if (column.column.kind() == ValueKind.TEXT) {
      lanes.meta.varint(column.texts.size());
      column.texts.forEach(text -> texts.text(text, HeaderTexts.CELL_TEXT_MAX));
    }
  }

  /** Ends the writing. */
  void close() {
    column.givePresent();
    numbers.close();
    if (states != null) {
      states.close();
    }
    if (scales != null) {
      scales.close();
    }
  }

  void writeBlock(int block, ByteWriter payload) {
    if (!column.hasCells(keys.blockStart(block), keys.blockEnd(block))) {
      return;
    }
    if (states != null) {
      states.writeBlock(block, payload);
    }
    if (column.presentFrom(keys.blockStart(block)) == column.presentFrom(keys.blockEnd(block))) {
      return;
    }
    if (scales != null) {
      scales.writeBlock(block, payload);
    }
    numbers.writeBlock(block, payload);
  }

  void writeBounds(int block, ByteWriter to) {
    int from = column.presentFrom(keys.blockStart(block));
    int end = column.presentFrom(keys.blockEnd(block));
    if (!column.hasCells(keys.blockStart(block), keys.blockEnd(block))) {
      to.u8(BOUND_ABSENT);
    } else if (from == end || column.column.kind() == ValueKind.TEXT) {
      to.u8(BOUND_NONE);
    } else {
      to.u8(BOUND_NUMBERS);
      to.int32(Float.floatToRawIntBits(column.lowerBound(from, end, scaleOf)));
      to.int32(Float.floatToRawIntBits(column.upperBound(from, end, scaleOf)));
    }
  }
}
