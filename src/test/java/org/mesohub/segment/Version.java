package org.mesohub.segment;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/**
 * A row version as an object, for oracles.
 *
 * @param cells {@link Decimal}, Float, String or {@link #MISSING}; absent cells are not in the map
 */
record Version(RowKey key, TreeMap<Column, Object> cells, Origin origin) {
  /** An explicit missing mark. */
  static final Object MISSING =
      new Object() {
        @Override
        public String toString() {
          return "missing";
        }
      };

  /** Key order, then ascending commit; not told apart otherwise. */
  static final Comparator<Version> ORDER =
      Comparator.comparing((Version v) -> v.key()).thenComparingLong(v -> v.origin().commit());

  /** Whether two cells say the same; null is absent. */
  static boolean same(Object a, Object b) {
    if (a instanceof Decimal x && b instanceof Decimal y) {
      return BigDecimal.valueOf(x.unscaled(), x.scale())
              .compareTo(BigDecimal.valueOf(y.unscaled(), y.scale()))
          == 0;
    }
    if (a instanceof Float x && b instanceof Float y) {
      return x + 0f == y + 0f;
    }
    return a == b || (a != null && a.equals(b));
  }

  /** The versions as a batch, in the order given, with ascending stations and columns. */
  static VersionBatch batch(List<Version> versions) {
    var stations = new TreeSet<StationKey>();
    var columns = new TreeSet<Column>();
    for (Version version : versions) {
      stations.add(version.key().station());
      columns.addAll(version.cells().keySet());
    }
    return batch(versions, List.copyOf(stations), List.copyOf(columns));
  }

  /** The versions as a batch whose stations and columns come in the order given. */
  static VersionBatch batch(
      List<Version> versions, List<StationKey> stations, List<Column> columns) {
    var builder = new BatchBuilder(0);
    stations.forEach(builder::station);
    columns.forEach(builder::column);
    var origins = new ArrayList<Origin>();
    var origin = new int[versions.size() + 3];
    for (int row = 0; row < versions.size(); row++) {
      Version version = versions.get(row);
      builder.addRow(builder.station(version.key().station()), version.key().timeMicros());
      version.cells().forEach((column, cell) -> set(builder, builder.column(column), cell));
      if (!origins.contains(version.origin())) {
        origins.add(version.origin());
      }
      origin[row] = origins.indexOf(version.origin());
    }
    return new VersionBatch(builder.build(), origins, origin);
  }

  private static void set(BatchBuilder builder, int column, Object cell) {
    if (cell instanceof Decimal decimal) {
      builder.decimal(column, decimal.unscaled(), decimal.state());
    } else if (cell instanceof Float number) {
      builder.float32(column, number);
    } else if (cell instanceof String text) {
      builder.text(column, text);
    } else {
      builder.missing(column);
    }
  }

  /** The rows of a batch as versions. */
  static List<Version> list(VersionBatch batch) {
    var versions = new ArrayList<Version>();
    for (int row = 0; row < batch.rows().rows(); row++) {
      versions.add(
          new Version(
              key(batch.rows(), row),
              cells(batch.rows(), row),
              batch.origins().get(batch.origin()[row])));
    }
    return versions;
  }

  /** Folded rows by key. */
  static TreeMap<RowKey, Map<Column, Object>> map(ObservationBatch rows) {
    var map = new TreeMap<RowKey, Map<Column, Object>>();
    for (int row = 0; row < rows.rows(); row++) {
      map.put(key(rows, row), cells(rows, row));
    }
    return map;
  }

  static RowKey key(ObservationBatch rows, int row) {
    return new RowKey(rows.stationAt(row), rows.timeMicros()[row]);
  }

  static TreeMap<Column, Object> cells(ObservationBatch rows, int row) {
    var cells = new TreeMap<Column, Object>();
    for (ColumnVector vector : rows.columns()) {
      byte state = vector.states()[row];
      if (state == CellState.MISSING) {
        cells.put(vector.column(), MISSING);
      } else if (state != CellState.ABSENT) {
        cells.put(vector.column(), value(vector, row, state));
      }
    }
    return cells;
  }

  private static Object value(ColumnVector vector, int row, byte state) {
    if (vector instanceof ColumnVector.Decimals decimals) {
      return new Decimal(decimals.unscaled()[row], state);
    }
    if (vector instanceof ColumnVector.Floats floats) {
      return floats.values()[row];
    }
    var texts = (ColumnVector.Texts) vector;
    return texts.dictionary()[texts.codes()[row]];
  }
}
