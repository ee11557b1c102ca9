package org.mesohub.segment;

import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;

/**
 * The key of a row. The order is (UTC day, network, station, time): the order of every run, chunk
 * and answer.
 *
 * @param timeMicros microseconds since 1970-01-01T00:00Z
 */
public record RowKey(StationKey station, long timeMicros) implements Comparable<RowKey> {
  @Override
  public int compareTo(RowKey other) {
    int byDay = Integer.compare(Day.epochDayOf(timeMicros), Day.epochDayOf(other.timeMicros));
    if (byDay != 0) {
      return byDay;
    }
    int byStation = station.compareTo(other.station);
    return byStation != 0 ? byStation : Long.compare(timeMicros, other.timeMicros);
  }
}
