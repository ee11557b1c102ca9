package org.mesohub.segment;

import org.mesohub.observation.CellState;

/** What the format stores of a cell's state; the scale of a present decimal is stored apart. */
final class StateSymbol {
  static final int PRESENT = 0;
  static final int MISSING = 1;
  static final int ABSENT = 2;

  /** A zero with a minus sign; its number is 0 and its scale that of any present cell. */
  static final int NEGATIVE_ZERO = 3;

  /** Number of symbols. */
  static final int COUNT = 4;

  /** By the bits of a state. */
  private static final byte[] OF = table();

  private StateSymbol() {}

  static int of(byte state) {
    return OF[state & 0xff];
  }

  private static byte[] table() {
    var table = new byte[1 << Byte.SIZE];
    for (int state = 0; state <= Byte.MAX_VALUE; state++) {
      table[state] = (byte) (CellState.isNegativeZero(state) ? NEGATIVE_ZERO : PRESENT);
    }
    java.util.Arrays.fill(table, Byte.MAX_VALUE + 1, table.length, (byte) ABSENT);
    table[CellState.MISSING & 0xff] = MISSING;
    return table;
  }

  /** The state byte of a symbol in a decimal column. */
  static byte ofDecimal(long symbol, byte scale) {
    return symbol == NEGATIVE_ZERO
        ? (byte) (scale + CellState.NEGATIVE_ZERO)
        : ofOther(symbol, scale);
  }

  /** The state byte of a symbol where there are no zeros with a sign. */
  static byte ofOther(long symbol, byte present) {
    if (symbol == PRESENT) {
      return present;
    }
    if (symbol == MISSING) {
      return CellState.MISSING;
    }
    if (symbol == ABSENT) {
      return CellState.ABSENT;
    }
    throw ByteReader.corrupt("a state is unknown");
  }
}
