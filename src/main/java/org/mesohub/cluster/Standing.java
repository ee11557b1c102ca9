package org.mesohub.cluster;

import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * How far the log of a voter is. The greatest of some voters is the one that all of these elect.
 *
 * @param lastTerm term of the last entry; 0 when there is none
 * @param lastIndex its index
 * @param priority as in the configuration of the voters
 * @param startedMillis when its process began, by its own clock: of equals the one that runs
 *     longest leads, as its code is compiled and its caches are full
 */
record Standing(long lastTerm, long lastIndex, int priority, long startedMillis, String id)
    implements Comparable<Standing> {
  static final int BYTES = 28;

  private static final Comparator<Standing> ORDER =
      Comparator.comparingLong(Standing::lastTerm)
          .thenComparingLong(Standing::lastIndex)
          .thenComparingInt(Standing::priority)
          .thenComparing(Comparator.comparingLong(Standing::startedMillis).reversed())
          .thenComparing(Standing::id);

  void write(ByteBuffer to) {
    to.putLong(lastTerm).putLong(lastIndex).putInt(priority).putLong(startedMillis);
  }

  static Standing read(ByteBuffer from, String id) {
    return new Standing(from.getLong(), from.getLong(), from.getInt(), from.getLong(), id);
  }

  @Override
  public int compareTo(Standing other) {
    return ORDER.compare(this, other);
  }
}
