package org.mesohub.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.RowKey;

/** Keys in key order, possibly repeated, looked up block by block. Thread-safe. */
final class SortedKeys {
  /** Dictionaries whose numbers are kept: the chunks of a day, as a rule. */
  private static final int DICTIONARIES_KEPT_MAX = 64;

  /**
   * Keys up to this many are sooner looked up in {@link KeyPrints} than blocks decoded for them:
   * the rows of small puts that share a commit.
   */
  private static final int FEW_MAX = 16_384;

  private static final int NOT_ASKED = -2;

  private final int count;
  private final List<StationKey> stations;
  private final int[] station;
  private final long[] timeMicros;

  /** What {@link #numbersOf} has found of the dictionaries asked for first, by identity. */
  private final Map<List<StationKey>, int[]> numbers =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /** By key what {@link KeyPrints} are asked for; made when first needed. */
  private volatile long @Nullable [] hashes;

  private SortedKeys(int count, List<StationKey> stations, int[] station, long[] timeMicros) {
    this.count = count;
    this.stations = stations;
    this.station = station;
    this.timeMicros = timeMicros;
  }

  /** The keys of rows in key order with stations ascending. */
  static SortedKeys of(ObservationBatch sorted) {
    return new SortedKeys(sorted.rows(), sorted.stations(), sorted.station(), sorted.timeMicros());
  }

  /** One time per station. */
  static SortedKeys of(NavigableMap<StationKey, Long> instants) {
    var stations = new ArrayList<StationKey>(instants.size());
    var times = new long[instants.size()];
    var dayAndStation = new long[instants.size()];
    for (Map.Entry<StationKey, Long> instant : instants.entrySet()) {
      int number = stations.size();
      times[number] = instant.getValue();
      dayAndStation[number] = ((long) Day.epochDayOf(times[number]) << Integer.SIZE) + number;
      stations.add(instant.getKey());
    }
    Arrays.sort(dayAndStation);
    int[] station = Arrays.stream(dayAndStation).mapToInt(key -> (int) key).toArray();
    return new SortedKeys(
        times.length,
        stations,
        station,
        Arrays.stream(station).mapToLong(number -> times[number]).toArray());
  }

  /** From the earliest to the latest time; empty without keys. */
  TimeRange range() {
    if (count == 0) {
      return new TimeRange(0, 0);
    }
    return new TimeRange(
        Arrays.stream(timeMicros, 0, count).min().orElseThrow(),
        Arrays.stream(timeMicros, 0, count).max().orElseThrow() + 1);
  }

  /** Whether they are so few that opening a chunk costs more than looking them up. */
  boolean areFew() {
    return count <= FEW_MAX;
  }

  /** Whether some key within a block's bounds may be among its rows. */
  boolean mayOccur(Chunk.Block block, KeyPrints prints) {
    long[] wanted = hashes();
    int end = position(block.last(), true);
    for (int i = position(block.first(), false); i < end; i++) {
      if (prints.mayHave(wanted[i])) {
        return true;
      }
    }
    return false;
  }

  private long[] hashes() {
    long[] known = hashes;
    if (known == null) {
      known = new long[count];
      for (int i = 0; i < count; i++) {
        known[i] = KeyPrints.hash(stations.get(station[i]), timeMicros[i]);
      }
      hashes = known;
    }
    return known;
  }

  /** How many keys lie between two keys, both included. */
  int between(RowKey first, RowKey last) {
    return Math.max(0, position(last, true) - position(first, false));
  }

  /** Whether some key lies between two keys and its time between two times, all included. */
  boolean mayOccur(RowKey first, RowKey last, long fromMicros, long toMicros) {
    int end = position(last, true);
    for (int i = position(first, false); i < end; i++) {
      if (fromMicros <= timeMicros[i] && timeMicros[i] <= toMicros) {
        return true;
      }
    }
    return false;
  }

  /** Stations of the keys, ascending; perhaps some that have none. */
  List<StationKey> stations() {
    return stations;
  }

  /**
   * Per station of an ascending dictionary its number here, as far as {@link #number} was asked for
   * it. Threads may share it: each finds the same.
   */
  int[] numbersOf(List<StationKey> dictionary) {
    int[] known = numbers.get(dictionary);
    if (known == null) {
      known = new int[dictionary.size()];
      Arrays.fill(known, NOT_ASKED);
      if (numbers.size() < DICTIONARIES_KEPT_MAX) {
        numbers.put(dictionary, known);
      }
    }
    return known;
  }

  /**
   * The number here of a dictionary's station, -1 when it is not here.
   *
   * @param numbers {@link #numbersOf} the dictionary
   */
  int number(List<StationKey> dictionary, int[] numbers, int index) {
    int known = numbers[index];
    if (known == NOT_ASKED) {
      int before = index == 0 ? -1 : numbers[index - 1];
      known = find(dictionary.get(index), Math.max(before, -1) + 1);
      numbers[index] = known;
    }
    return known;
  }

  private int find(StationKey wanted, int likely) {
    if (likely < stations.size() && compare(stations.get(likely), wanted) == 0) {
      return likely;
    }
    return Math.max(-1, Collections.binarySearch(stations, wanted));
  }

  /** Most keys looked for are there, and shared. */
  @SuppressWarnings("ReferenceEquality")
  private static int compare(StationKey a, StationKey b) {
    return a == b ? 0 : a.compareTo(b);
  }

  /**
   * Drops rows whose key is not here.
   *
   * @param dictionary stations of the rows
   * @param numbers {@link #numbersOf} the dictionary
   */
  void narrow(BlockRows rows, List<StationKey> dictionary, int[] numbers) {
    int[] rowStation = rows.station();
    long[] rowTime = rows.timeMicros();
    boolean[] keep = rows.keep();
    int at = position(rows.block().first(), false);
    int row = 0;
    while (row < rows.rows()) {
      long dayStart = Math.floorDiv(rowTime[row], Day.MICROS) * Day.MICROS;
      long dayEnd = dayStart + Day.MICROS;
      int end = row + 1;
      while (end < rows.rows() && rowStation[end] == rowStation[row] && rowTime[end] < dayEnd) {
        end++;
      }
      if (!anyKept(keep, row, end)) {
        row = end; // most rows of an hour that comes after those stored
        continue;
      }
      int number = number(dictionary, numbers, rowStation[row]);
      while (number >= 0 && at < count && isBefore(at, number, dayStart, dayEnd)) {
        at++;
      }
      for (; row < end; row++) {
        boolean found = false;
        if (number >= 0) {
          while (at < count && isOf(at, number, dayEnd) && timeMicros[at] < rowTime[row]) {
            at++;
          }
          found = at < count && isOf(at, number, dayEnd) && timeMicros[at] == rowTime[row];
        }
        keep[row] &= found;
      }
    }
  }

  private static boolean anyKept(boolean[] keep, int from, int to) {
    for (int row = from; row < to; row++) {
      if (keep[row]) {
        return true;
      }
    }
    return false;
  }

  /** Whether a key comes before all of a station on a day. */
  private boolean isBefore(int at, int number, long dayStart, long dayEnd) {
    long time = timeMicros[at];
    return time < dayStart || (time < dayEnd && station[at] < number);
  }

  /** Whether a key that does not come before all of a station on a day is of them. */
  private boolean isOf(int at, int number, long dayEnd) {
    return station[at] == number && timeMicros[at] < dayEnd;
  }

  /** Position of the first key that is not before another, or that is after it. */
  private int position(RowKey key, boolean after) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = key(middle).compareTo(key);
      if (order < 0 || (after && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private RowKey key(int i) {
    return new RowKey(stations.get(station[i]), timeMicros[i]);
  }
}
