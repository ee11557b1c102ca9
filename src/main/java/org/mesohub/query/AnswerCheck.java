package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.TimeRange;
import org.mesohub.query.AnswerMerge.Order;

/**
 * Looks at what another cluster answers: rows must ascend and lie within what was asked for; those
 * of networks and days that were not asked for are left out. Used by one thread at a time.
 */
public final class AnswerCheck {
  /** Which networks of which days are wanted. */
  public interface Pairs {
    boolean has(int epochDay, String network);
  }

  private final Order order;
  private final TimeRange range;
  private final Pairs pairs;
  private @Nullable StationKey lastStation;
  private long lastTime;

  /**
   * @param range times that were asked for
   * @param pairs what is kept of it
   */
  public AnswerCheck(Order order, TimeRange range, Pairs pairs) {
    this.order = order;
    this.range = range;
    this.pairs = pairs;
  }

  /**
   * The rows of a batch that are wanted; null when there are none.
   *
   * @throws IllegalArgumentException when rows do not ascend or were not asked for
   */
  public @Nullable AnswerBatch wanted(AnswerBatch batch) {
    ObservationBatch rows = batch.rows();
    List<StationKey> stations = rows.stations();
    var keep = new boolean[rows.rows()];
    var wantedStation = new byte[stations.size()]; // of the day: 0 not known, 1 wanted, 2 not
    int day = Integer.MIN_VALUE;
    for (int row = 0; row < rows.rows(); row++) {
      long time = rows.timeMicros()[row];
      StationKey station = rows.stationAt(row);
      if (!range.contains(time)) {
        throw new IllegalArgumentException("a row outside of the times that were asked for");
      }
      if (!ascends(station, time)) {
        throw new IllegalArgumentException("rows do not ascend");
      }
      lastStation = station;
      lastTime = time;
      int rowDay = Day.epochDayOf(time);
      if (rowDay != day) {
        day = rowDay;
        java.util.Arrays.fill(wantedStation, (byte) 0);
      }
      int number = rows.station()[row];
      if (wantedStation[number] == 0) {
        wantedStation[number] = (byte) (pairs.has(day, station.network()) ? 1 : 2);
      }
      keep[row] = wantedStation[number] == 1;
    }
    int[] picks = Picks.of(keep, rows.rows());
    if (picks == null) {
      return rows.rows() == 0 ? null : batch;
    }
    return picks.length == 0 ? null : AnswerBatches.gather(batch, picks);
  }

  private boolean ascends(StationKey station, long time) {
    StationKey before = lastStation;
    if (before == null) {
      return true;
    }
    if (order == Order.KEYS) {
      int byDay = Integer.compare(Day.epochDayOf(lastTime), Day.epochDayOf(time));
      if (byDay != 0) {
        return byDay < 0;
      }
    }
    int byStation = before.compareTo(station);
    return byStation != 0 ? byStation < 0 : order == Order.KEYS && lastTime < time;
  }
}
