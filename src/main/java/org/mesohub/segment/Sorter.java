package org.mesohub.segment;

import java.util.ArrayList;
import java.util.List;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/** Brings rows into key order. */
public final class Sorter {
  /**
   * Rows in key order; rows with equal keys keep the order they came in.
   *
   * @param inputRow per sorted row, its position in the input
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Sorted(VersionBatch batch, int[] inputRow) {}

  private Sorter() {}

  /** Sorts rows of one origin. Rows that are in order already are not copied. */
  public static Sorted sort(ObservationBatch rows, Origin origin) {
    ObservationBatch ranked = ascendingStations(Batches.ascendingColumns(rows));
    int[] order = KeySort.order(ranked.station(), ranked.timeMicros(), ranked.rows());
    ObservationBatch sorted = order == null ? ranked : Batches.gather(ranked, order, ranked.rows());
    return new Sorted(
        new VersionBatch(sorted, List.of(origin), new int[sorted.rows()]),
        order == null ? identity(sorted.rows()) : order);
  }

  /**
   * One batch of all rows, in the order given, over the union of stations and columns, both
   * ascending.
   */
  public static ObservationBatch concat(List<ObservationBatch> batches) {
    if (batches.size() == 1) {
      return ascendingStations(Batches.ascendingColumns(batches.get(0)));
    }
    List<StationKey> stations =
        StationUnion.of(batches.stream().map(ObservationBatch::stations).distinct().toList());
    int rows = batches.stream().mapToInt(ObservationBatch::rows).reduce(0, Math::addExact);
    var station = new int[rows];
    var timeMicros = new long[rows];
    var parts = new ArrayList<ColumnScatter.Part>(batches.size());
    int place = 0;
    for (ObservationBatch batch : batches) {
      int[] rank = StationUnion.ranks(stations, batch.stations());
      for (int row = 0; row < batch.rows(); row++) {
        station[place + row] = rank[batch.station()[row]];
      }
      System.arraycopy(batch.timeMicros(), 0, timeMicros, place, batch.rows());
      parts.add(new ColumnScatter.Part(batch, 0, batch.rows(), place));
      place += batch.rows();
    }
    var scatter = new ColumnScatter(parts, identity(rows), rows);
    return new ObservationBatch(rows, stations, station, timeMicros, scatter.columns());
  }

  private static ObservationBatch ascendingStations(ObservationBatch rows) {
    if (StationUnion.isAscending(rows.stations())) {
      return rows;
    }
    StationUnion.Ordered ordered = StationUnion.order(rows.stations());
    return new ObservationBatch(
        rows.rows(),
        ordered.keys(),
        ColumnGather.ints(ordered.rank(), rows.station(), rows.rows()),
        rows.timeMicros(),
        rows.columns());
  }

  private static int[] identity(int rows) {
    var identity = new int[rows];
    for (int i = 0; i < rows; i++) {
      identity[i] = i;
    }
    return identity;
  }
}
