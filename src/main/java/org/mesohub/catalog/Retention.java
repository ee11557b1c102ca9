package org.mesohub.catalog;

import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * How far back states can be read, and enough of the times of commits to say which of them a number
 * of days ago was the last. Immutable.
 *
 * @param floor oldest commit whose state can be read; 0 while every one can
 * @param marks some commits with their times, ascending; the last is the newest commit
 */
public record Retention(long floor, PVector<Mark> marks) {
  /**
   * Least time between two marks, microseconds. A floor found by them is that much too low at most;
   * ten years of marks take about half a megabyte.
   */
  static final long MARKS_APART_MICROS = 6L * 3600 * 1_000_000;

  /** A commit and its leader-stamped time. */
  public record Mark(long commit, long timeMicros) {}

  static final Retention EMPTY = new Retention(0, TreePVector.empty());

  /** The last marked commit at or before a time; 0 when there is none. */
  public long commitAt(long timeMicros) {
    int low = 0;
    int high = marks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (marks.get(middle).timeMicros <= timeMicros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : marks.get(low - 1).commit;
  }

  /**
   * With a new commit: it takes the place of the last mark while that is close to its neighbour.
   */
  Retention committed(long commit, long timeMicros) {
    int size = marks.size();
    boolean close =
        size >= 2
            && marks.get(size - 1).timeMicros - marks.get(size - 2).timeMicros < MARKS_APART_MICROS;
    PVector<Mark> before = close ? marks.minus(size - 1) : marks;
    return new Retention(floor, before.plus(new Mark(commit, timeMicros)));
  }

  Retention raised(long newFloor) {
    PVector<Mark> left = marks;
    while (left.size() > 1 && left.get(1).commit <= newFloor) {
      left = left.minus(0);
    }
    return new Retention(newFloor, left);
  }
}
