package org.mesohub.query;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkSummary;

/**
 * Which keys are asked for. All versions of a key are in or out together, so whatever is outside
 * may be left unread before folding.
 *
 * @param stations stations asked for
 * @param networks networks asked for, empty for all
 * @param except stations no longer wanted; read when a slice is opened
 * @param keys when not null, the only keys wanted
 */
record KeyScope(
    TimeRange range,
    Stations stations,
    Set<String> networks,
    Set<StationKey> except,
    @Nullable SortedKeys keys) {

  /** Rows that a busy station has a day. */
  private static final int ROWS_PER_STATION_DAY = 1_440;

  static KeyScope of(TimeRange range) {
    return new KeyScope(range, Stations.EVERY, Set.of(), Set.of(), null);
  }

  static KeyScope of(Selection selection) {
    return new KeyScope(
        selection.range().intersect(TimeRange.ALL),
        Stations.selected(selection.stations()),
        selection.networks(),
        Set.of(),
        null);
  }

  /** Some keys one by one. */
  static KeyScope of(SortedKeys keys) {
    return new KeyScope(
        keys.range().intersect(TimeRange.ALL), Stations.EVERY, Set.of(), Set.of(), keys);
  }

  KeyScope without(Set<StationKey> stationsDone) {
    return new KeyScope(range, stations, networks, stationsDone, keys);
  }

  /** Whether some of these networks are asked for. */
  boolean mayMatchNetworks(Iterable<String> some) {
    if (networks.isEmpty()) {
      return true;
    }
    for (String network : some) {
      if (networks.contains(network)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a chunk may have rows asked for within a range. */
  boolean mayMatch(ChunkSummary chunk, TimeRange within) {
    if (!within.overlapsClosed(chunk.timeMinMicros(), chunk.timeMaxMicros())
        || !mayMatchNetworks(chunk.networks())) {
      return false;
    }
    if (keys != null
        && !keys.mayOccur(
            chunk.first(), chunk.last(), chunk.timeMinMicros(), chunk.timeMaxMicros())) {
      return false;
    }
    boolean oneDay =
        Day.epochDayOf(chunk.first().timeMicros()) == Day.epochDayOf(chunk.last().timeMicros());
    return !oneDay
        || stations.mayHave(
            chunk.networks(), chunk.first().station(), chunk.last().station(), except);
  }

  /** Which part of a slice's rows are likely to be asked for, above 0 and at most 1. */
  double share(Slice slice) {
    ChunkSummary chunk = slice.part().summary();
    double share =
        (double)
                (Math.min(slice.range().toMicros() - 1, chunk.timeMaxMicros())
                    - Math.max(slice.range().fromMicros(), chunk.timeMinMicros())
                    + 1)
            / (chunk.timeMaxMicros() - chunk.timeMinMicros() + 1);
    if (keys != null) {
      share = Math.min(share, (double) keys.between(slice.first(), slice.last()) / chunk.rows());
    }
    int days = Day.epochDayOf(chunk.timeMaxMicros()) - Day.epochDayOf(chunk.timeMinMicros()) + 1;
    double rowsOfStations = (double) stations.count() * days * ROWS_PER_STATION_DAY;
    share = Math.min(share, rowsOfStations / chunk.rows());
    return Math.max(Double.MIN_NORMAL, Math.min(1, share));
  }

  /** Whether every station of some networks is asked for. */
  boolean hasAllStations(List<String> some) {
    return stations == Stations.EVERY
        && (networks.isEmpty() || networks.containsAll(some))
        && except.isEmpty();
  }

  /** Per station of a chunk's dictionary whether it is asked for; null when all are. */
  @Nullable BitSet stationsIn(Chunk chunk, List<String> networksOfChunk) {
    if (hasAllStations(networksOfChunk)) {
      return null;
    }
    List<StationKey> dictionary = chunk.stations();
    BitSet bits = stations.in(chunk, networksOfChunk);
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      StationKey station = dictionary.get(i);
      if (!(networks.isEmpty() || networks.contains(station.network()))
          || except.contains(station)) {
        bits.clear(i);
      }
    }
    return bits.cardinality() == dictionary.size() ? null : bits;
  }
}
