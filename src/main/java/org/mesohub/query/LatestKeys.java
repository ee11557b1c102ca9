package org.mesohub.query;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Chunk;

/**
 * Finds the newest time of each station without conditions on values. A row is there when one of
 * its versions is, so nothing needs merging: slices are looked through one by one, those with the
 * latest times first, for stations that may have a later row there than was seen before.
 */
final class LatestKeys {
  private final Scan scan;
  private final NewestTimes newest = new NewestTimes();

  LatestKeys(Scan scan) {
    this.scan = scan;
  }

  NavigableMap<StationKey, Long> find(Plan plan) {
    List<Slice> slices = new ArrayList<>();
    plan.units().forEach(unit -> slices.addAll(unit.slices()));
    slices.sort(Comparator.comparingLong(LatestKeys::lastMicros).reversed());
    slices.forEach(this::search);
    return newest.found();
  }

  /** Latest time that a row of a slice may have. */
  private static long lastMicros(Slice slice) {
    return Math.min(slice.part().summary().timeMaxMicros(), slice.range().toMicros() - 1);
  }

  private void search(Slice slice) {
    OpenSlice open = scan.open(slice);
    if (open == null) {
      return;
    }
    int[] positions = newest.positions(open.chunk().stations());
    BitSet wanted = newest.below(positions, lastMicros(slice));
    BitSet asked = open.stations();
    if (asked != null) {
      wanted.and(asked);
    }
    for (int index = 0; index < open.chunk().blocks(); index++) {
      if (mayHave(open.chunk().block(index), wanted)) {
        search(open, index, wanted, positions);
      }
    }
  }

  private static boolean mayHave(Chunk.Block block, BitSet wanted) {
    if (block.firstStation() > block.lastStation()) {
      return !wanted.isEmpty(); // of two days or more
    }
    boolean oneDay = OpenSlice.days(block) == 0;
    int next = wanted.nextSetBit(oneDay ? block.firstStation() : 0);
    return next >= 0 && (!oneDay || next <= block.lastStation());
  }

  private void search(OpenSlice open, int index, BitSet wanted, int[] positions) {
    BlockRows rows = open.rows(index);
    if (rows == null) {
      return;
    }
    scan.existence().narrow(rows, open.origins(), open.chunk().stations());
    int[] picks = rows.picks();
    int[] station = rows.station();
    long[] time = rows.timeMicros();
    int count = picks == null ? rows.rows() : picks.length;
    for (int i = 0; i < count; i++) {
      int row = picks == null ? i : picks[i];
      int after = i + 1 == count ? -1 : picks == null ? i + 1 : picks[i + 1];
      if ((after < 0 || station[after] != station[row]) && wanted.get(station[row])) {
        newest.see(positions[station[row]], time[row]);
      }
    }
  }
}
