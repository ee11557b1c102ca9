package org.mesohub.query;

import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;

/**
 * Whether a row's own position is inside a box; of several columns the first that has a value
 * counts. Rows without position are outside.
 *
 * @param latitudes columns of the latitude in degrees
 * @param longitudes columns of the longitude in degrees
 */
record PositionTest(BoundingBox box, List<Column> latitudes, List<Column> longitudes) {
  static final String LATITUDE = "latitude";
  static final String LONGITUDE = "longitude";

  /** The test over those columns of a plan that hold positions. */
  static PositionTest of(BoundingBox box, List<Column> columns) {
    return new PositionTest(box, degrees(LATITUDE, columns), degrees(LONGITUDE, columns));
  }

  private static List<Column> degrees(String variable, List<Column> columns) {
    return columns.stream()
        .filter(c -> c.variable().equals(variable) && c.unit().equals("deg"))
        .toList();
  }

  boolean mayMatch(BlockStats stats) {
    boolean latitude = false;
    for (Column column : latitudes) {
      latitude |= stats.min(column) <= box.north() && stats.max(column) >= box.south();
    }
    boolean longitude = false;
    for (Column column : longitudes) {
      longitude |=
          box.west() > box.east()
              ? !stats.isAbsent(column)
              : stats.min(column) <= box.east() && stats.max(column) >= box.west();
    }
    return latitude && longitude;
  }

  void narrow(Cells cells, int rows, boolean[] keep) {
    double[] latitude = values(latitudes, cells, rows);
    double[] longitude = values(longitudes, cells, rows);
    for (int row = 0; row < rows; row++) {
      keep[row] = keep[row] && box.contains(longitude[row], latitude[row]);
    }
  }

  private static double[] values(List<Column> columns, Cells cells, int rows) {
    var values = new double[rows];
    Arrays.fill(values, Double.NaN);
    for (int i = columns.size() - 1; i >= 0; i--) {
      ColumnVector vector = cells.column(columns.get(i));
      if (vector instanceof ColumnVector.Decimals decimals) {
        for (int row = 0; row < rows; row++) {
          int state = decimals.states()[row];
          if (state > CellState.ABSENT) {
            values[row] = Decimal.toDouble(decimals.unscaled()[row], state);
          }
        }
      } else if (vector instanceof ColumnVector.Floats floats) {
        for (int row = 0; row < rows; row++) {
          if (floats.isPresent(row)) {
            values[row] = floats.values()[row];
          }
        }
      }
    }
    return values;
  }
}
