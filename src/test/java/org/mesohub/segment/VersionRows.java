package org.mesohub.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.ValueKind;

/** Row versions as plain objects: the dumb form that the codec is compared with. */
final class VersionRows {
  /**
   * A row: cells by column as text ("m" missing, else state and digits, float bits or the text);
   * absent ones are not there.
   */
  record Row(RowKey key, Origin origin, TreeMap<Column, String> cells) {}

  private static final String MISSING = "m";

  private VersionRows() {}

  /** Sorted random rows of every kind. */
  static List<Row> random(Random random, int rows) {
    List<Column> columns = columns(random);
    int stations = 1 + random.nextInt(Math.max(1, rows / (1 + random.nextInt(20))));
    int days = 1 + random.nextInt(4);
    boolean wild = random.nextInt(4) == 0;
    boolean ownStates = random.nextInt(3) == 0;
    var origins =
        List.of(
            Origin.local("a.gz", ""),
            new Origin(7, "north", 9, 12345, "feed", "CC-BY-4.0"),
            new Origin(Origin.OWN, "süd", 1, 0, "", "MIT"));
    var list = new ArrayList<Row>();
    for (int i = 0; i < rows; i++) {
      int station = random.nextInt(stations);
      String network = Integer.toString(1 + station % 3);
      String id = (station % 5 == 0 ? "é" : "ST") + station;
      long time =
          Day.MICROS * (17_000 - days / 2 + random.nextInt(days))
              + (wild ? random.nextLong(Day.MICROS) : random.nextInt(288) * 300_000_000L);
      if (i > 0 && random.nextInt(10) == 0) {
        time = list.get(i - 1).key.timeMicros();
        network = list.get(i - 1).key.station().network();
        id = list.get(i - 1).key.station().station();
      }
      var cells = new TreeMap<Column, String>();
      for (Column column : columns) {
        int state = ownStates ? random.nextInt(8) : (station + columns.indexOf(column)) % 8;
        if (state == 1) {
          cells.put(column, MISSING);
        } else if (state > 1) {
          cells.put(column, cell(column, random, wild));
        }
      }
      var key = new RowKey(new StationKey(network, id), time);
      list.add(new Row(key, origins.get(random.nextInt(3)), cells));
    }
    list.sort(java.util.Comparator.comparing(Row::key));
    return list;
  }

  private static List<Column> columns(Random random) {
    var columns = new ArrayList<Column>();
    int count = random.nextInt(7);
    for (int i = 0; i < count; i++) {
      ValueKind kind = ValueKind.values()[random.nextInt(3)];
      columns.add(new Column("v" + i, i % 2 == 0 ? "" : "2", i, 60 * i, "K", kind));
    }
    return columns;
  }

  private static String cell(Column column, Random random, boolean wild) {
    return switch (column.kind()) {
      case DECIMAL -> {
        int scale = column.sensor() % 2 == 0 ? 2 : random.nextInt(19);
        long bound = wild ? 999_999_999_999_999_999L : 5000;
        long digits = random.nextLong(-bound, bound + 1);
        if (column.sensor() % 4 != 0 && random.nextInt(wild ? 9 : 300) == 0) {
          yield scale + CellState.NEGATIVE_ZERO + ":0";
        }
        yield scale + ":" + (column.sensor() % 3 == 0 ? digits / 100 * 100 : digits);
      }
      case FLOAT32 -> {
        float value = wild ? random.nextFloat() * 1e30f : random.nextInt(500) / 10f - 5;
        yield Integer.toString(Float.floatToRawIntBits(random.nextInt(9) == 0 ? -0.0f : value));
      }
      case TEXT -> wild ? "t" + random.nextInt() : random.nextInt(5) == 0 ? "" : "RA ü";
    };
  }

  /** Rows {@code [from, to)} as a batch with ascending stations and arrays longer than need be. */
  static VersionBatch batch(List<Row> rows) {
    var builder = new BatchBuilder(rows.size() + 3);
    var keys = new TreeSet<StationKey>();
    rows.forEach(row -> keys.add(row.key.station()));
    keys.forEach(builder::station);
    var origins = new ArrayList<Origin>();
    var origin = new int[rows.size() + 2];
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      builder.addRow(builder.station(row.key.station()), row.key.timeMicros());
      row.cells.forEach((column, cell) -> set(builder, builder.column(column), column, cell));
      if (!origins.contains(row.origin)) {
        origins.add(row.origin);
      }
      origin[i] = origins.indexOf(row.origin);
    }
    return new VersionBatch(builder.build(), origins, origin);
  }

  private static void set(BatchBuilder builder, int at, Column column, String cell) {
    boolean missing = cell.equals(MISSING);
    if (missing) {
      builder.missing(at);
      return;
    }
    switch (column.kind()) {
      case DECIMAL -> {
        int colon = cell.indexOf(':');
        int state = Integer.parseInt(cell.substring(0, colon));
        builder.decimal(at, Long.parseLong(cell.substring(colon + 1)), state);
      }
      case FLOAT32 -> builder.float32(at, Float.intBitsToFloat(Integer.parseInt(cell)));
      case TEXT -> builder.text(at, cell);
    }
  }

  /** The rows of a chunk, decoded whole. */
  static List<Row> of(Chunk chunk) {
    var rows = new ArrayList<Row>();
    for (int b = 0; b < chunk.blocks(); b++) {
      Chunk.Block block = chunk.block(b);
      var vectors = new ArrayList<ColumnVector>();
      for (int c = 0; c < chunk.columns().size(); c++) {
        vectors.add(block.column(c));
      }
      var cells =
          new ObservationBatch(
              block.rows(), chunk.stations(), block.station(), block.timeMicros(), vectors);
      rows.addAll(of(new VersionBatch(cells, chunk.origins(), block.origin())));
    }
    return rows;
  }

  private static List<Row> of(VersionBatch batch) {
    ObservationBatch source = batch.rows();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < source.rows(); i++) {
      var cells = new TreeMap<Column, String>();
      for (ColumnVector vector : source.columns()) {
        String cell = cell(vector, i);
        if (!cell.isEmpty()) {
          cells.put(vector.column(), cell.substring(1));
        }
      }
      var key = new RowKey(source.stationAt(i), source.timeMicros()[i]);
      rows.add(new Row(key, batch.origins().get(batch.origin()[i]), cells));
    }
    return rows;
  }

  /** Empty when absent, else a mark and the cell. */
  private static String cell(ColumnVector vector, int row) {
    byte state = vector.states()[row];
    if (state < 0) {
      return state == CellState.MISSING ? "=" + MISSING : "";
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return "=" + state + ":" + decimals.unscaled()[row];
    }
    if (vector instanceof ColumnVector.Floats floats) {
      return "=" + Float.floatToRawIntBits(floats.values()[row]);
    }
    var texts = (ColumnVector.Texts) vector;
    return "=" + texts.dictionary()[texts.codes()[row]];
  }

  /** Encodes rows given in batches of random size. */
  static List<EncodedChunk> encode(List<Row> rows, Random random) {
    var chunks = new ArrayList<EncodedChunk>();
    var encoder = new ChunkEncoder(chunks::add);
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + 1 + random.nextInt(5000));
      encoder.add(batch(rows.subList(from, to)));
      from = to;
    }
    encoder.finish();
    return chunks;
  }
}
