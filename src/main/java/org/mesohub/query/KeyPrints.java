package org.mesohub.query;

import java.util.List;
import org.mesohub.observation.StationKey;

/**
 * Fingerprints of a block's keys: tells of nearly every key that is not in the block that it is
 * not, without decoding anything. An open hash table with linear probing, at most half full;
 * another key is taken for one of the block when station hashes are equal or, else, one time in
 * billions.
 */
final class KeyPrints {
  /** Fractional part of the golden ratio, and the finaliser of MurmurHash3 after it. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static final long MIX_1 = 0xFF51AFD7ED558CCDL;
  private static final long MIX_2 = 0xC4CEB9FE1A85EC53L;

  /** By the low bits of a key's hash its high bits, never 0; 0 where there is none. */
  private final int[] table;

  private KeyPrints(int[] table) {
    this.table = table;
  }

  /** The prints of rows. */
  static KeyPrints of(List<StationKey> stations, int[] station, long[] timeMicros, int rows) {
    var table = new int[Math.max(2, Integer.highestOneBit(Math.max(1, rows - 1)) << 2)];
    var prints = new KeyPrints(table);
    for (int row = 0; row < rows; row++) {
      prints.add(hash(stations.get(station[row]), timeMicros[row]));
    }
    return prints;
  }

  static long hash(StationKey station, long timeMicros) {
    long h = timeMicros * GOLDEN + station.hashCode() * MIX_2;
    h = (h ^ (h >>> 33)) * MIX_1;
    h = (h ^ (h >>> 33)) * MIX_2;
    return h ^ (h >>> 33);
  }

  private void add(long hash) {
    int at = (int) hash & (table.length - 1);
    int print = print(hash);
    while (table[at] != 0 && table[at] != print) {
      at = (at + 1) & (table.length - 1);
    }
    table[at] = print;
  }

  boolean mayHave(long hash) {
    int at = (int) hash & (table.length - 1);
    int print = print(hash);
    while (table[at] != 0) {
      if (table[at] == print) {
        return true;
      }
      at = (at + 1) & (table.length - 1);
    }
    return false;
  }

  private static int print(long hash) {
    int high = (int) (hash >>> Integer.SIZE);
    return high == 0 ? 1 : high;
  }

  int bytes() {
    return Integer.BYTES * table.length;
  }
}
