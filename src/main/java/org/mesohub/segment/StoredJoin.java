package org.mesohub.segment;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/**
 * Joins the keys of sorted incoming rows with stored rows, a stored batch at a time. The rows of a
 * batch are in key order; batches may come in any order.
 */
final class StoredJoin {
  private final ObservationBatch incoming;
  private final KeyGroups groups;

  private @Nullable List<StationKey> codedStations;

  /**
   * Per stored station: {@code 2 i + 1} for station {@code i} of incoming, {@code 2 i} if it would
   * go before station {@code i}.
   */
  private int[] codes = {};

  /** Groups that the stored batch has a row for, and these rows. */
  private final int[] matchedGroup;

  private final int[] matchedRow;
  private int matches;

  StoredJoin(ObservationBatch incoming, KeyGroups groups) {
    this.incoming = incoming;
    this.groups = groups;
    this.matchedGroup = new int[groups.count()];
    this.matchedRow = new int[groups.count()];
  }

  /** Finds the matches in the next stored batch; returns their number. */
  int join(ObservationBatch stored) {
    matches = 0;
    if (stored.stations() != codedStations) {
      codes = codes(stored.stations());
      codedStations = stored.stations();
    }
    int group = stored.rows() == 0 ? groups.count() : firstGroup(stored);
    int row = 0;
    while (group < groups.count() && row < stored.rows()) {
      int inRow = groups.start(group);
      long time = incoming.timeMicros()[inRow];
      int code = 2 * incoming.station()[inRow] + 1;
      row = search(stored, row, Day.epochDayOf(time), code, time);
      if (row < stored.rows()) {
        if (stored.timeMicros()[row] == time && codes[stored.station()[row]] == code) {
          matchedGroup[matches] = group;
          matchedRow[matches++] = row++;
        }
        group++;
      }
    }
    return matches;
  }

  /** First group whose key is not below that of the first stored row. */
  private int firstGroup(ObservationBatch stored) {
    int low = 0;
    int high = groups.count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int inRow = groups.start(middle);
      long time = incoming.timeMicros()[inRow];
      int code = 2 * incoming.station()[inRow] + 1;
      if (compare(stored, 0, Day.epochDayOf(time), code, time) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Per match the group of incoming rows. */
  int[] matchedGroup() {
    return matchedGroup;
  }

  /** Per match the stored row. */
  int[] matchedRow() {
    return matchedRow;
  }

  /**
   * First row from {@code from} on whose key is not below the given one; the search widens from
   * there.
   */
  private int search(ObservationBatch stored, int from, int day, int code, long time) {
    int low = from;
    int high = from;
    for (int step = 1; high < stored.rows(); step *= 2) {
      if (compare(stored, high, day, code, time) >= 0) {
        break;
      }
      low = high + 1;
      high = Math.min(stored.rows(), high + step);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(stored, middle, day, code, time) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compare(ObservationBatch stored, int row, int day, int code, long time) {
    long storedTime = stored.timeMicros()[row];
    int byDay = Integer.compare(Day.epochDayOf(storedTime), day);
    if (byDay != 0) {
      return byDay;
    }
    int byStation = Integer.compare(codes[stored.station()[row]], code);
    return byStation != 0 ? byStation : Long.compare(storedTime, time);
  }

  private int[] codes(List<StationKey> stations) {
    var result = new int[stations.size()];
    if (stations == incoming.stations()) {
      Arrays.setAll(result, i -> 2 * i + 1);
      return result;
    }
    int next = 0;
    for (int i = 0; i < result.length; i++) {
      int found = StationUnion.search(incoming.stations(), next, stations.get(i));
      result[i] = found >= 0 ? 2 * found + 1 : 2 * (-1 - found);
      next = found >= 0 ? found + 1 : -1 - found;
    }
    return result;
  }
}
