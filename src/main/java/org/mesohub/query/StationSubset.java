package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import org.mesohub.observation.StationKey;

/**
 * The stations that some rows name, without the rest of the dictionary they come from.
 *
 * @param stations ascending when the dictionary was
 * @param station per row, index into {@code stations}
 */
@SuppressWarnings("ArrayRecordComponent")
record StationSubset(List<StationKey> stations, int[] station) {
  static StationSubset of(List<StationKey> dictionary, int[] station, int rows) {
    var position = new int[dictionary.size()];
    for (int row = 0; row < rows; row++) {
      position[station[row]] = 1;
    }
    var stations = new ArrayList<StationKey>();
    for (int i = 0; i < position.length; i++) {
      if (position[i] != 0) {
        position[i] = stations.size();
        stations.add(dictionary.get(i));
      }
    }
    var renumbered = new int[rows];
    for (int row = 0; row < rows; row++) {
      renumbered[row] = position[station[row]];
    }
    return new StationSubset(stations, renumbered);
  }
}
