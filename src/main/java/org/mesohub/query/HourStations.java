package org.mesohub.query;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which stations of a chunk have rows in each hour, for hours with few rows. Files of an hour bring
 * some late rows of the hour before: this tells them from the rows that this hour is about.
 *
 * @param firstHour hours since 1970 of the first entry
 * @param stations per hour the positions of stations in the chunk's dictionary, ascending and
 *     distinct; null for an hour with many rows
 */
@SuppressWarnings("ArrayRecordComponent")
record HourStations(long firstHour, int[] @Nullable [] stations) {
  static final long HOUR_MICROS = 3_600_000_000L;

  /** Hours that a chunk may span; of longer ones nothing is noted. */
  static final int HOURS_MAX = 240;

  /** Rows up to which an hour of any chunk has few. */
  private static final int FEW_ROWS = 256;

  /** The part of a chunk's rows that is few as well. */
  private static final int FEW_PART = 32;

  /** Collects rows hour by hour. */
  static final class Builder {
    private final long firstHour;
    private final int[] count;
    private final int[][] few;
    private final int fewRows;

    /** For rows between two times, both included. */
    Builder(long timeMinMicros, long timeMaxMicros, int rows) {
      this.fewRows = FEW_ROWS + rows / FEW_PART;
      this.firstHour = hour(timeMinMicros);
      this.count = new int[(int) (hour(timeMaxMicros) - firstHour + 1)];
      this.few = new int[count.length][];
    }

    void add(int[] station, long[] timeMicros, int rows) {
      for (int row = 0; row < rows; row++) {
        int hour = (int) (hour(timeMicros[row]) - firstHour);
        int at = count[hour]++;
        if (at < fewRows) {
          if (few[hour] == null) {
            few[hour] = new int[fewRows];
          }
          few[hour][at] = station[row];
        }
      }
    }

    HourStations build() {
      int[][] stations = new int[count.length][];
      for (int hour = 0; hour < count.length; hour++) {
        if (count[hour] == 0) {
          stations[hour] = new int[0];
        } else if (count[hour] <= fewRows) {
          stations[hour] = Arrays.stream(few[hour], 0, count[hour]).sorted().distinct().toArray();
        }
      }
      return new HourStations(firstHour, stations);
    }
  }

  static long hour(long timeMicros) {
    return Math.floorDiv(timeMicros, HOUR_MICROS);
  }

  /** Stations of an hour; null for many. */
  int @Nullable [] of(long hour) {
    long index = hour - firstHour;
    return index < 0 || index >= stations.length ? new int[0] : stations[(int) index];
  }
}
