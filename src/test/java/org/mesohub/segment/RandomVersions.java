package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.ValueKind;

/**
 * Random versions over few keys, few values and every kind of cell, so that collisions of all sorts
 * are frequent.
 */
final class RandomVersions {
  static final List<String> NETWORKS = List.of("1", "153", "8");

  private static final List<Column> COLUMNS =
      List.of(
          Column.decimal("air_temperature", 0, "Cel"),
          Column.decimal("wind_speed", 600, "m/s"),
          new Column("dew_point_temperature", "2", 0, 0, "K", ValueKind.FLOAT32),
          new Column("present_weather", "", 0, 0, "", ValueKind.TEXT),
          new Column("air_temperature", "", 1, 0, "Cel", ValueKind.DECIMAL));

  private static final List<Object> FLOATS = List.of(0f, -0f, 273.15f, 1e-40f);
  private static final List<Object> TEXTS = List.of("RA", "-RA", "SN", "");

  private final Random random;
  private final long stepMicros;
  private final int keys;

  RandomVersions(Random random) {
    this.random = random;
    long[] steps = {1, 1_000, 1_000_000, 300_000_000, Day.MICROS / 3, 40 * Day.MICROS};
    this.stepMicros = steps[random.nextInt(steps.length)];
    this.keys = 1 + random.nextInt(12);
  }

  RowKey key() {
    var station =
        new StationKey(
            NETWORKS.get(random.nextInt(NETWORKS.size())), "S" + random.nextInt(1 + keys / 3));
    return new RowKey(station, (random.nextInt(keys) - keys / 2) * stepMicros);
  }

  TreeMap<Column, Object> cells() {
    var cells = new TreeMap<Column, Object>();
    int columns = 1 + random.nextInt(COLUMNS.size());
    for (Column column : COLUMNS.subList(0, columns)) {
      if (random.nextInt(3) > 0) {
        cells.put(column, random.nextInt(5) == 0 ? Version.MISSING : value(column));
      }
    }
    return cells;
  }

  private Object value(Column column) {
    return switch (column.kind()) {
      case DECIMAL -> {
        long whole = random.nextInt(5) - 2;
        int scale = random.nextInt(3);
        long unscaled = whole * Decimal.pow10(scale) + (random.nextInt(8) == 0 ? 1 : 0);
        yield new Decimal(unscaled, CellState.of(random.nextBoolean(), unscaled, scale));
      }
      case FLOAT32 -> FLOATS.get(random.nextInt(FLOATS.size()));
      case TEXT -> TEXTS.get(random.nextInt(TEXTS.size()));
    };
  }

  /** An origin of one of few commits; the commit time need not ascend with the commit. */
  Origin origin() {
    long commit = 1 + random.nextInt(6);
    String cluster = random.nextInt(3) == 0 ? "utah" : "";
    long time = (random.nextInt(8) - 3) * stepMicros;
    return new Origin(commit, cluster, commit, time, "feed", "");
  }

  /** Versions of one commit or of many, sorted. */
  List<Version> run(int rows) {
    Origin common = random.nextBoolean() ? origin() : null;
    var versions = new ArrayList<Version>();
    for (int i = 0; i < rows; i++) {
      versions.add(new Version(key(), cells(), common == null ? origin() : common));
    }
    versions.sort(Version.ORDER);
    return versions;
  }

  /** A cursor over versions, cut at random places. */
  VersionCursor cursor(List<Version> versions) {
    return new ListCursor(cut(versions).iterator());
  }

  /** Folded rows as a cursor, cut at random places. */
  FoldedCursor folded(ObservationBatch rows) {
    var batches = new ArrayList<FoldedBatch>();
    for (int from = 0, to; from < rows.rows(); from = to) {
      to = Math.min(rows.rows(), from + 1 + random.nextInt(6));
      batches.add(new FoldedBatch(Batches.slice(rows, from, to), null));
    }
    Iterator<FoldedBatch> left = batches.iterator();
    return () -> left.hasNext() ? left.next() : null;
  }

  List<VersionBatch> cut(List<Version> versions) {
    var batches = new ArrayList<VersionBatch>();
    int rowsMax = 1 + random.nextInt(9);
    boolean alike = random.nextBoolean();
    VersionBatch whole = Version.batch(versions);
    for (int from = 0, to; from < versions.size(); from = to) {
      to = Math.min(versions.size(), from + 1 + random.nextInt(rowsMax));
      batches.add(
          alike ? Batches.slice(whole, from, to) : Version.batch(versions.subList(from, to)));
    }
    return batches;
  }

  /** Rows in no order with dictionaries in no order. */
  ObservationBatch unsorted(List<Version> versions) {
    VersionBatch ascending = Version.batch(versions);
    var stations = new ArrayList<>(ascending.rows().stations());
    var columns =
        new ArrayList<>(ascending.rows().columns().stream().map(c -> c.column()).toList());
    Collections.shuffle(stations, random);
    Collections.shuffle(columns, random);
    return Version.batch(versions, stations, columns).rows();
  }

  record ListCursor(Iterator<VersionBatch> left) implements VersionCursor {
    @Override
    public VersionBatch next() {
      return left.hasNext() ? left.next() : null;
    }
  }
}
