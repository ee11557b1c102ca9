package org.mesohub.query;

import java.util.TreeMap;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/** The latest row of each station. */
final class LatestRows {
  private LatestRows() {}

  /** Positions of the latest rows in the order of their stations. */
  static int[] of(ObservationBatch rows) {
    var latest = new TreeMap<StationKey, Integer>();
    for (int row = 0; row < rows.rows(); row++) {
      int candidate = row;
      latest.merge(
          rows.stationAt(row),
          candidate,
          (before, now) -> rows.timeMicros()[now] > rows.timeMicros()[before] ? now : before);
    }
    return latest.values().stream().mapToInt(Integer::intValue).toArray();
  }
}
