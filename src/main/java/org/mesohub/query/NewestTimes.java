package org.mesohub.query;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.mesohub.observation.StationKey;

/** Stations in ascending order with the newest time seen of each. */
final class NewestTimes {
  /** What a station has of which no time was seen. */
  private static final long NEVER = Long.MIN_VALUE;

  private StationKey[] stations = {};
  private long[] newest = {};

  /** Takes in an ascending dictionary; gives the position of each of its stations here. */
  int[] positions(List<StationKey> dictionary) {
    var positions = new int[dictionary.size()];
    int known = 0;
    int added = 0;
    for (int i = 0; i < positions.length; i++) {
      StationKey station = dictionary.get(i);
      int order = 1;
      while (known < stations.length && (order = stations[known].compareTo(station)) < 0) {
        known++;
      }
      boolean isKnown = known < stations.length && order == 0;
      positions[i] = known + added;
      added += isKnown ? 0 : 1;
    }
    if (added > 0) {
      grow(dictionary, positions, stations.length + added);
    }
    return positions;
  }

  private void grow(List<StationKey> dictionary, int[] positions, int size) {
    var keys = new StationKey[size];
    var times = new long[size];
    Arrays.fill(times, NEVER);
    for (int i = 0; i < positions.length; i++) {
      keys[positions[i]] = dictionary.get(i);
    }
    int next = 0;
    int given = 0;
    for (int i = 0; i < size; i++) {
      boolean isGiven = given < positions.length && positions[given] == i;
      given += isGiven ? 1 : 0;
      boolean isKnown = next < stations.length && (!isGiven || stations[next].equals(keys[i]));
      if (isKnown) {
        keys[i] = stations[next];
        times[i] = newest[next++];
      }
    }
    stations = keys;
    newest = times;
  }

  /** Of some positions those whose newest time is below a time, as indexes of the array. */
  BitSet below(int[] positions, long timeMicros) {
    var below = new BitSet(positions.length);
    for (int i = 0; i < positions.length; i++) {
      if (newest[positions[i]] < timeMicros) {
        below.set(i);
      }
    }
    return below;
  }

  void see(int position, long timeMicros) {
    newest[position] = Math.max(newest[position], timeMicros);
  }

  /** The stations of which a time was seen. */
  NavigableMap<StationKey, Long> found() {
    var found = new TreeMap<StationKey, Long>();
    for (int i = 0; i < stations.length; i++) {
      if (newest[i] != NEVER) {
        found.put(stations[i], newest[i]);
      }
    }
    return found;
  }
}
