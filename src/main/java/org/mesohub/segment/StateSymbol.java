package org.mesohub.segment;

import org.mesohub.observation.CellState;

/** What the format stores of a cell's state; the scale of a present decimal is stored apart. */
final class StateSymbol {
  static final int PRESENT = 0;
  static final int MISSING = 1;
  static final int ABSENT = 2;

  /** Number of symbols. */
  static final int COUNT = 3;

  private StateSymbol() {}

  static int of(byte state) {
    return state >= 0 ? PRESENT : state == CellState.MISSING ? MISSING : ABSENT;
  }

  /** The state byte of a symbol. */
  static byte state(long symbol, byte present) {
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
