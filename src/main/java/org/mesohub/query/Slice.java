package org.mesohub.query;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.segment.RowKey;

/**
 * The rows of a chunk that count: those of consecutive catalogue days that list its reference,
 * within the times asked for.
 *
 * @param order position of the run among all runs of the plan, in commit order
 * @param range times that count
 * @param listed days of the range that count, as offsets from the range's first day; null when all
 *     do
 * @param first smallest key possible
 * @param last largest key possible
 */
record Slice(
    Part part, int order, TimeRange range, @Nullable BitSet listed, RowKey first, RowKey last) {
  private static final StationKey BEFORE_ALL = new StationKey("", "");

  /** U+FFFF is no character, so no id starts with it. */
  private static final StationKey AFTER_ALL = new StationKey("\uffff", "\uffff");

  static Slice of(Part part, int order, TimeRange range, @Nullable BitSet listed) {
    RowKey dayStart = new RowKey(BEFORE_ALL, range.firstDay().startMicros());
    RowKey dayEnd = new RowKey(AFTER_ALL, range.lastDay().endMicros() - 1);
    RowKey first = part.summary().first();
    RowKey last = part.summary().last();
    return new Slice(
        part,
        order,
        range,
        listed,
        first.compareTo(dayStart) < 0 ? dayStart : first,
        last.compareTo(dayEnd) > 0 ? dayEnd : last);
  }

  /** Whether every row of the chunk counts. */
  boolean isWhole() {
    return listed == null
        && range.fromMicros() <= part.summary().timeMinMicros()
        && part.summary().timeMaxMicros() < range.toMicros();
  }

  /** The rows of this slice that lie in a day; null when there can be none. */
  @Nullable Slice onDay(Day day) {
    TimeRange clipped = range.intersect(day.range());
    if (!clipped.overlapsClosed(part.summary().timeMinMicros(), part.summary().timeMaxMicros())
        || (listed != null && !listed.get(day.epochDay() - range.firstDay().epochDay()))) {
      return null;
    }
    Slice slice = of(part, order, clipped, null);
    return slice.first().compareTo(slice.last()) > 0 ? null : slice;
  }
}
