package org.mesohub.query;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Selection vectors: positions of chosen rows, ascending; null stands for all rows. */
final class Picks {
  private Picks() {}

  /** Positions where {@code keep} holds; null when it does everywhere. */
  static int @Nullable [] of(boolean @Nullable [] keep, int rows) {
    if (keep == null) {
      return null;
    }
    var picks = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      picks[count] = row;
      count += keep[row] ? 1 : 0;
    }
    return count == rows ? null : Arrays.copyOf(picks, count);
  }

  static int[] gather(int[] values, int[] picks) {
    var out = new int[picks.length];
    for (int i = 0; i < picks.length; i++) {
      out[i] = values[picks[i]];
    }
    return out;
  }

  static long[] gather(long[] values, int[] picks) {
    var out = new long[picks.length];
    for (int i = 0; i < picks.length; i++) {
      out[i] = values[picks[i]];
    }
    return out;
  }

  static byte[] gather(byte[] values, int[] picks) {
    var out = new byte[picks.length];
    for (int i = 0; i < picks.length; i++) {
      out[i] = values[picks[i]];
    }
    return out;
  }

  static float[] gather(float[] values, int[] picks) {
    var out = new float[picks.length];
    for (int i = 0; i < picks.length; i++) {
      out[i] = values[picks[i]];
    }
    return out;
  }
}
