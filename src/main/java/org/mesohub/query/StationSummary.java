package org.mesohub.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Chunk;

/**
 * What a chunk knows of a station.
 *
 * @param firstMicros earliest observation, microseconds since 1970
 * @param lastMicros latest observation, microseconds since 1970
 * @param rows row versions
 * @param latitude degrees north of the latest row that has it, as decimal text; empty when none has
 * @param longitude degrees east, likewise
 * @param elevation metres, likewise
 */
public record StationSummary(
    StationKey key,
    long firstMicros,
    long lastMicros,
    long rows,
    String latitude,
    String longitude,
    String elevation) {
  private static final List<String> POSITION = List.of("latitude", "longitude", "surface_altitude");

  /** The stations of a chunk, ascending. */
  public static List<StationSummary> of(Chunk chunk) {
    int stations = chunk.stations().size();
    long[] first = new long[stations];
    long[] last = new long[stations];
    long[] rows = new long[stations];
    Arrays.fill(first, Long.MAX_VALUE);
    Arrays.fill(last, Long.MIN_VALUE);
    var position = new Position[POSITION.size()];
    Arrays.setAll(position, i -> new Position(stations));
    for (int b = 0; b < chunk.blocks(); b++) {
      Chunk.Block block = chunk.block(b);
      int[] station = block.station();
      long[] time = block.timeMicros();
      for (int row = 0; row < block.rows(); row++) {
        int s = station[row];
        first[s] = Math.min(first[s], time[row]);
        last[s] = Math.max(last[s], time[row]);
        rows[s]++;
      }
      for (int c = 0; c < chunk.columns().size(); c++) {
        int i = POSITION.indexOf(chunk.columns().get(c).variable());
        if (i >= 0 && !block.isAbsent(c)) {
          position[i].take(block.column(c), station, time, block.rows());
        }
      }
    }
    List<StationSummary> summaries = new ArrayList<>();
    for (int s = 0; s < stations; s++) {
      if (rows[s] > 0) {
        summaries.add(
            new StationSummary(
                chunk.stations().get(s),
                first[s],
                last[s],
                rows[s],
                position[0].text[s],
                position[1].text[s],
                position[2].text[s]));
      }
    }
    return summaries;
  }

  /** One summary of the same station seen in two places. */
  public StationSummary plus(StationSummary other) {
    StationSummary newer = lastMicros >= other.lastMicros ? this : other;
    StationSummary older = newer == this ? other : this;
    return new StationSummary(
        key,
        Math.min(firstMicros, other.firstMicros),
        newer.lastMicros,
        rows + other.rows,
        newer.latitude.isEmpty() ? older.latitude : newer.latitude,
        newer.longitude.isEmpty() ? older.longitude : newer.longitude,
        newer.elevation.isEmpty() ? older.elevation : newer.elevation);
  }

  /** The latest value of one coordinate by station. */
  private static final class Position {
    final String[] text;
    private final long[] at;

    Position(int stations) {
      text = new String[stations];
      Arrays.fill(text, "");
      at = new long[stations];
      Arrays.fill(at, Long.MIN_VALUE);
    }

    void take(ColumnVector cells, int[] station, long[] time, int rows) {
      for (int row = rows - 1; row >= 0; row--) {
        int s = station[row];
        if (time[row] > at[s] && cells.isPresent(row)) {
          at[s] = time[row];
          text[s] = textOf(cells, row);
        }
      }
    }

    private static String textOf(ColumnVector cells, int row) {
      if (cells instanceof ColumnVector.Decimals decimals) {
        return new Decimal(decimals.unscaled()[row], decimals.states()[row]).toString();
      }
      if (cells instanceof ColumnVector.Floats floats) {
        return Float.toString(floats.values()[row]);
      }
      ColumnVector.Texts texts = (ColumnVector.Texts) cells;
      return texts.dictionary()[texts.codes()[row]];
    }
  }
}
