package org.mesohub.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.ChunkLimits;

/**
 * Finds the time of each station's newest matching row, reading backwards. For one station key
 * order is time order, so the first piece of work from the end that has a row of it has its newest,
 * and what comes before is read without that station.
 */
final class LatestScan {
  private final NavigableMap<StationKey, Long> found = new TreeMap<>();
  private final Scan scan;
  private final long wanted;

  /**
   * @param scan a scan that decodes only what conditions look at
   * @param wanted number of stations after which nothing can be left to find; Long.MAX_VALUE when
   *     not known
   */
  LatestScan(Scan scan, long wanted) {
    this.scan = scan.withScope(scan.scope().without(found.keySet()));
    this.wanted = wanted;
  }

  /** Per station the time of its newest matching row. */
  NavigableMap<StationKey, Long> find(Plan plan) {
    findBackwards(plan.units());
    return found;
  }

  private void findBackwards(List<Unit> units) {
    for (int i = units.size() - 1; i >= 0 && found.size() < wanted; i--) {
      Unit unit = units.get(i);
      if (unit.isSolo()) {
        solo(unit.slices().get(0));
      } else {
        byDay(unit);
      }
    }
  }

  private void solo(Slice slice) {
    int rowsEach = Work.BLOCKS * ChunkLimits.BLOCK_ROWS;
    int pieces = (slice.part().summary().rows() + rowsEach - 1) / rowsEach;
    for (int piece = pieces - 1; piece >= 0 && found.size() < wanted; piece--) {
      int from = piece * Work.BLOCKS;
      int to = piece == pieces - 1 ? Integer.MAX_VALUE : from + Work.BLOCKS;
      collect(new BlockScan(scan, slice, from, to));
    }
  }

  /** Merges a unit day by day from its end, so that a long one need not be read whole. */
  private void byDay(Unit unit) {
    int first = Integer.MAX_VALUE;
    int last = Integer.MIN_VALUE;
    for (Slice slice : unit.slices()) {
      first = Math.min(first, Day.epochDayOf(slice.first().timeMicros()));
      last = Math.max(last, Day.epochDayOf(slice.last().timeMicros()));
    }
    if (first == last) {
      merged(unit);
      return;
    }
    for (int day = last; day >= first && found.size() < wanted; day--) {
      var slices = new ArrayList<Slice>();
      for (Slice slice : unit.slices()) {
        Slice clipped = slice.onDay(new Day(day));
        if (clipped != null) {
          slices.add(clipped);
        }
      }
      findBackwards(Unit.split(slices));
    }
  }

  private void merged(Unit unit) {
    collect(new MergeScan(scan, UnitCursor.of(unit, scan)));
  }

  /**
   * Takes the newest rows of a piece of work; stations found count as found only when it is done.
   */
  private void collect(HitCursor cursor) {
    Map<StationKey, Long> newest = new HashMap<>();
    Hits hits;
    while ((hits = cursor.next()) != null) {
      int[] picks = hits.picks();
      int[] station = hits.station();
      long[] time = hits.timeMicros();
      int count = hits.count();
      for (int i = 0; i < count; i++) {
        int row = picks == null ? i : picks[i];
        int after = i + 1 == count ? -1 : picks == null ? i + 1 : picks[i + 1];
        if (after < 0 || station[after] != station[row]) {
          newest.merge(hits.stations().get(station[row]), time[row], Math::max);
        }
      }
    }
    newest.forEach((station, time) -> found.merge(station, time, Math::max));
  }
}
