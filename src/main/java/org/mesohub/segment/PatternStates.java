package org.mesohub.segment;

import java.util.Arrays;
import org.mesohub.observation.CellState;

/** The state of a column's cells by state pattern. */
final class PatternStates {
  /** Padded to a power of two, so that no look-up needs a check. */
  private final byte[] states;

  private final boolean uniform;

  /** Whether the cell is present in every pattern. */
  final boolean allPresent;

  /** Whether it is a zero with a minus sign in some. */
  final boolean negativeZeros;

  /**
   * @param states by pattern, at least one
   */
  PatternStates(byte[] states) {
    this.states = Arrays.copyOf(states, Math.max(1, Integer.highestOneBit(states.length - 1) * 2));
    boolean same = true;
    boolean present = true;
    boolean zeros = false;
    for (byte state : states) {
      same &= state == states[0];
      present &= state >= 0;
      zeros |= CellState.isNegativeZero(state);
    }
    this.uniform = same;
    this.allPresent = present;
    this.negativeZeros = zeros;
  }

  /**
   * Sets the state of every cell.
   *
   * @param pattern per row; looked at only where patterns differ
   */
  void fill(int[] pattern, byte[] cells) {
    if (uniform) {
      Arrays.fill(cells, states[0]);
      return;
    }
    byte[] table = states;
    int mask = table.length - 1;
    for (int i = 0; i < cells.length; i++) {
      cells[i] = table[pattern[i] & mask];
    }
  }

  /** Whether {@link #fill} looks at the patterns. */
  boolean needsPatterns() {
    return !uniform;
  }
}
