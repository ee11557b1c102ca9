package org.mesohub.query;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Chunk;

/**
 * Drops versions before they are merged: those that do not match and whose keys no other slice has.
 * Two slices can have a key in common only at a station that has rows in both of an hour.
 *
 * @param shared stations of the chunk that may share keys with other slices
 */
record SliceFilter(Predicate predicate, BitSet shared) {
  /** The filter of a slice; null when none of its versions can be told to be alone. */
  static @Nullable SliceFilter of(OpenSlice open, Unit unit, Scan scan) {
    Slice slice = open.slice();
    if (!slice.part().summary().singleVersions()) {
      return null;
    }
    List<StationKey> stations = open.chunk().stations();
    var shared = new BitSet(stations.size());
    for (Slice other : unit.slices()) {
      if (other != slice && mayMeet(slice, other) && !share(open, other, scan, shared)) {
        return null;
      }
    }
    return new SliceFilter(scan.predicate(), shared);
  }

  private static boolean mayMeet(Slice a, Slice b) {
    return a.part().summary().timeMinMicros() <= b.part().summary().timeMaxMicros()
        && b.part().summary().timeMinMicros() <= a.part().summary().timeMaxMicros()
        && a.first().compareTo(b.last()) <= 0
        && b.first().compareTo(a.last()) <= 0;
  }

  /** Adds the stations that may have keys in common; false when these are not known. */
  private static boolean share(OpenSlice open, Slice other, Scan scan, BitSet shared) {
    OpenSlice opened = scan.open(other);
    if (opened == null) {
      return true;
    }
    HourStations mine = open.hours();
    HourStations theirs = opened.hours();
    if (mine == null || theirs == null) {
      return false;
    }
    int last = mine.stations().length;
    for (int i = 0; i < last; i++) {
      int[] few = theirs.of(mine.firstHour() + i);
      int[] own = mine.stations()[i];
      if (own != null && (few == null || own.length <= few.length)) {
        Arrays.stream(own).forEach(shared::set);
      } else if (few != null) {
        set(few, opened.chunk().stations(), open.chunk().stations(), shared);
      } else {
        return false;
      }
    }
    return true;
  }

  private static void set(
      int[] positions, List<StationKey> from, List<StationKey> to, BitSet shared) {
    for (int position : positions) {
      int found = Collections.binarySearch(to, from.get(position));
      if (found >= 0) {
        shared.set(found);
      }
    }
  }

  /** Whether a block may have a row that is not dropped. */
  boolean mayKeep(OpenSlice slice, int index) {
    if (predicate.mayMatch(new BlockStats(slice, index, index + 1))) {
      return true;
    }
    Chunk.Block block = slice.chunk().block(index);
    int next = shared.nextSetBit(OpenSlice.days(block) == 0 ? block.firstStation() : 0);
    return next >= 0 && (OpenSlice.days(block) > 0 || next <= block.lastStation());
  }

  void narrow(BlockRows rows) {
    var matches = new boolean[rows.rows()];
    Arrays.fill(matches, true);
    predicate.narrow(rows::column, rows.rows(), matches);
    if (!shared.isEmpty()) {
      int[] station = rows.station();
      for (int row = 0; row < matches.length; row++) {
        matches[row] |= shared.get(station[row]);
      }
    }
    boolean[] keep = rows.keep();
    for (int row = 0; row < matches.length; row++) {
      keep[row] &= matches[row];
    }
  }
}
