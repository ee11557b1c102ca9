package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Day;
import org.mesohub.observation.StationKey;

/** Encodes a range of buffered rows as one chunk. */
final class ChunkWriter {
  private final RowBuffer buffer;
  private final int from;
  private final int rows;
  private final ArrayList<StationKey> stations = new ArrayList<>();
  private final List<Origin> origins = new ArrayList<>();
  private final int[] station;
  private final long[] timeMicros;
  private final long[] origin;
  private final KeyRows keys;
  private final List<ChunkColumn> columns = new ArrayList<>();
  private final List<BlockInfo> blocks = new ArrayList<>();

  private ChunkWriter(RowBuffer buffer, int from, int to) {
    this.buffer = buffer;
    this.from = from;
    this.rows = to - from;
    this.station = mapStations();
    this.timeMicros = Arrays.copyOfRange(buffer.timeMicros, from, to);
    this.origin = mapOrigins();
    this.keys = new KeyRows(rows, stations.size(), station, timeMicros);
    checkOrder();
    for (ColumnCells cells : buffer.columns) {
      var column = ChunkColumn.of(cells, from, to);
      if (column.size > 0) {
        columns.add(column);
      }
    }
    columns.sort(Comparator.comparing(c -> c.column));
    for (int block = 0; block < keys.blocks(); block++) {
      blocks.add(BlockInfo.of(keys, block));
    }
  }

  /**
   * The chunk of rows {@code [from, to)}; it may be larger than a chunk is allowed to be. Null when
   * some other limit of the format is exceeded, so that fewer rows must be tried.
   */
  static @Nullable EncodedChunk encode(RowBuffer buffer, int from, int to) {
    var writer = new ChunkWriter(buffer, from, to);
    return writer.columns.size() > ChunkLimits.COLUMNS_MAX ? null : writer.encode();
  }

  private int[] mapStations() {
    var used = new boolean[buffer.stations.size()];
    for (int i = from; i < from + rows; i++) {
      used[buffer.station[i]] = true;
    }
    var rank = new int[used.length];
    stations.ensureCapacity(Math.min(used.length, rows));
    if (buffer.stationsAscend) {
      for (int i = 0; i < used.length; i++) {
        if (used[i]) {
          rank[i] = stations.size();
          stations.add(buffer.stations.get(i));
        }
      }
    } else {
      rankStations(used, rank);
    }
    var mapped = new int[rows];
    for (int i = 0; i < rows; i++) {
      mapped[i] = rank[buffer.station[from + i]];
    }
    return mapped;
  }

  private void rankStations(boolean[] used, int[] rank) {
    var order = new ArrayList<Integer>();
    for (int i = 0; i < used.length; i++) {
      if (used[i]) {
        order.add(i);
      }
    }
    order.sort((a, b) -> buffer.stations.get(a).compareTo(buffer.stations.get(b)));
    for (int i : order) {
      StationKey key = buffer.stations.get(i);
      int last = stations.size() - 1;
      if (last < 0 || !stations.get(last).equals(key)) {
        stations.add(key);
      }
      rank[i] = stations.size() - 1;
    }
  }

  private long[] mapOrigins() {
    var rank = new int[buffer.origins.size()];
    Arrays.fill(rank, -1);
    var mapped = new long[rows];
    for (int i = 0; i < rows; i++) {
      int known = buffer.origin[from + i];
      if (rank[known] < 0) {
        rank[known] = origins.size();
        origins.add(buffer.origins.get(known));
      }
      mapped[i] = rank[known];
    }
    return mapped;
  }

  private void checkOrder() {
    long dayEnd = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      long time = timeMicros[i];
      boolean ascends = time >= dayEnd;
      if (ascends) {
        dayEnd = new Day(Day.epochDayOf(time)).endMicros();
      } else if (time >= dayEnd - Day.MICROS) {
        ascends =
            station[i] > station[i - 1]
                || station[i] == station[i - 1] && time >= timeMicros[i - 1];
      }
      if (!ascends) {
        throw new IllegalArgumentException(
            "rows must come in key order (day, network, station, time): "
                + key(i)
                + " follows "
                + key(i - 1)
                + "; sort them first");
      }
    }
  }

  private RowKey key(int row) {
    return new RowKey(stations.get(station[row]), timeMicros[row]);
  }

  private @Nullable EncodedChunk encode() {
    var lanes = new HeaderLanes();
    var parts = new ChunkParts(keys.blocks(), rows * 12);
    var bounds = new ChunkParts(keys.blocks(), 1024);
    var allRows = new int[rows];
    for (int i = 0; i < rows; i++) {
      allRows[i] = i;
    }
    lanes.meta.varint(origins.size());
    origins.forEach(o -> HeaderTexts.write(lanes.meta, o));
    blocks.forEach(b -> b.write(lanes.meta));
    Runs runs = Runs.of(keys);
    var patterns = new PatternWriter(columns, rows);
    var keyWriter = new KeyWriter(keys, runs, allRows, origin, patterns.pattern, buffer.scratch);
    keyWriter.writeTables(lanes);
    lanes.meta.varint(patterns.patterns);
    lanes.meta.varint(columns.size());
    keyWriter.writeBlocks(parts);
    var texts = new ByteWriter(256);
    for (int c = 0; c < columns.size(); c++) {
      var writer =
          new ColumnWriter(columns.get(c), patterns.joined[c], keys, runs, allRows, buffer.scratch);
      writer.writeHeader(lanes, texts);
      for (int block = 0; block < keys.blocks(); block++) {
        writer.writeBlock(block, parts.begin());
        parts.end(block);
        writer.writeBounds(block, bounds.begin());
        bounds.end(block);
      }
      writer.close();
    }
    if (!lanes.fit() || texts.size() > ChunkHeader.TEXTS_MAX) {
      return null;
    }
    var allBounds = new ByteWriter(bounds.size());
    bounds.writeTo(allBounds);
    var sizes = new ByteWriter(1024);
    parts.sizes(sizes);
    var dictionary = new ByteWriter(stations.size() * 4);
    StationTable.write(stations, dictionary);
    var out = new ByteWriter(parts.size() + dictionary.size() + 65_536);
    ChunkFormat.begin(out);
    out.varint(rows);
    out.u8(Integer.numberOfTrailingZeros(ChunkLimits.BLOCK_ROWS));
    out.varint(stations.size());
    out.varint(dictionary.size());
    out.raw(dictionary.array(), 0, dictionary.size());
    lanes.writeTo(out);
    out.section(patterns.table());
    out.section(texts);
    out.section(allBounds);
    out.section(sizes);
    parts.writeTo(out);
    byte[] bytes = ChunkFormat.seal(out);
    return new EncodedChunk(summary(bytes), bytes);
  }

  private ChunkSummary summary(byte[] bytes) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (BlockInfo block : blocks) {
      min = Math.min(min, block.timeMinMicros());
      max = Math.max(max, block.timeMaxMicros());
    }
    boolean single = true;
    for (int i = 1; i < rows; i++) {
      single &= !keys.repeatsKey(i);
    }
    return new ChunkSummary(
        ChunkId.of(bytes),
        bytes.length,
        rows,
        key(0),
        key(rows - 1),
        min,
        max,
        networks(),
        columns.stream().map(c -> c.column).toList(),
        single);
  }

  private List<String> networks() {
    var networks = new ArrayList<String>();
    String last = "";
    for (StationKey key : stations) {
      if (networks.isEmpty() || !key.network().equals(last)) {
        last = key.network();
        networks.add(last);
      }
    }
    return List.copyOf(networks);
  }
}
