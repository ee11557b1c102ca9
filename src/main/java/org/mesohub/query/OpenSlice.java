package org.mesohub.query;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkOrigins;

/** A slice with its chunk opened: tells which rows of a block have keys asked for. */
final class OpenSlice {
  private final Slice slice;
  private final Chunk chunk;
  private final ChunkOrigins origins;
  private final @Nullable BitSet stations;
  private final @Nullable SortedKeys keys;

  /**
   * Made when a column is asked for: most chunks that a put is compared with have none of its keys.
   */
  private @Nullable Map<Column, Integer> columnIndex;

  /** Made when a block is looked at that may have keys: it makes all stations of the chunk. */
  private int @Nullable [] keyStations;

  private final @Nullable DecodedChunk decoded;
  private final boolean keeps;

  /**
   * @param keeps whether what is decoded is kept for later readers
   */
  OpenSlice(Slice slice, ChunkSource source, KeyScope scope, boolean keeps) {
    this.slice = slice;
    this.keeps = keeps;
    this.chunk = slice.part().open(source);
    this.decoded = source.decoded(slice.part().summary().id());
    long commit = slice.part().ref().commit();
    long commitTime = slice.part().ref().commitTimeMicros();
    this.origins = chunk.origins(commit, commitTime);
    this.stations = scope.stationsIn(chunk, slice.part().summary().networks());
    this.keys = scope.keys();
  }

  Slice slice() {
    return slice;
  }

  Chunk chunk() {
    return chunk;
  }

  /** What was decoded of the chunk before; null when nothing is kept. */
  @Nullable DecodedChunk decoded() {
    return decoded;
  }

  boolean keeps() {
    return keeps;
  }

  /** Stations by hour, of all rows of the chunk; null when it spans too many hours. */
  @Nullable HourStations hours() {
    HourStations known = decoded == null ? null : decoded.hours();
    long from = slice.part().summary().timeMinMicros();
    long to = slice.part().summary().timeMaxMicros();
    if (known != null
        || HourStations.hour(to) - HourStations.hour(from) >= HourStations.HOURS_MAX) {
      return known;
    }
    var builder = new HourStations.Builder(from, to, chunk.rows());
    for (int index = 0; index < chunk.blocks(); index++) {
      var rows = new BlockRows(this, index);
      builder.add(rows.station(), rows.timeMicros(), rows.rows());
    }
    HourStations hours = builder.build();
    if (decoded != null) {
      decoded.keep(hours);
    }
    return hours;
  }

  /** Stations of the chunk asked for; null for all. */
  @Nullable BitSet stations() {
    return stations;
  }

  /** Origins of the chunk with placeholders filled in. */
  ChunkOrigins origins() {
    return origins;
  }

  /** Position of a column in the chunk, -1 when it has none. */
  int indexOf(Column column) {
    Map<Column, Integer> known = columnIndex;
    if (known == null) {
      known = new HashMap<>();
      List<Column> columns = chunk.columns();
      for (int i = 0; i < columns.size(); i++) {
        known.put(columns.get(i), i);
      }
      columnIndex = known;
    }
    return known.getOrDefault(column, -1);
  }

  /** The rows of a block with keys asked for; null when there is none. */
  @Nullable BlockRows rows(int index) {
    Chunk.Block block = chunk.block(index);
    if (!slice.range().overlapsClosed(block.timeMinMicros(), block.timeMaxMicros())) {
      return null;
    }
    Coverage coverage = coverage(block);
    if (coverage == Coverage.NONE
        || (keys != null
            && !keys.mayOccur(
                block.first(), block.last(), block.timeMinMicros(), block.timeMaxMicros()))) {
      return null;
    }
    KeyPrints prints = keys == null || decoded == null ? null : decoded.prints(index);
    if (prints != null && keys != null && !keys.mayOccur(block, prints)) {
      return null;
    }
    var rows = new BlockRows(this, index);
    if (prints == null && decoded != null && keys != null && keys.areFew() && !keeps) {
      decoded.keep(
          index, KeyPrints.of(chunk.stations(), rows.station(), rows.timeMicros(), rows.rows()));
    }
    keepTimes(rows);
    keepDays(rows);
    if (coverage == Coverage.SOME && stations != null) {
      keepStations(rows, stations);
    }
    if (keys != null) {
      int[] numbers = keyStations;
      if (numbers == null) {
        numbers = keys.numbersOf(chunk.stations());
        keyStations = numbers;
      }
      keys.narrow(rows, chunk.stations(), numbers);
    }
    return rows;
  }

  /** How many of a block's stations are asked for. */
  private enum Coverage {
    NONE,
    SOME,
    ALL
  }

  private Coverage coverage(Chunk.Block block) {
    if (stations == null) {
      return Coverage.ALL;
    }
    if (stations.isEmpty()) {
      return Coverage.NONE;
    }
    int days = days(block);
    if (days > 1) {
      return Coverage.SOME;
    }
    int from = block.firstStation();
    int to = block.lastStation();
    if (days == 1) {
      return stations.nextSetBit(from) < 0 && stations.nextSetBit(0) > to
          ? Coverage.NONE
          : Coverage.SOME;
    }
    int next = stations.nextSetBit(from);
    if (next < 0 || next > to) {
      return Coverage.NONE;
    }
    return stations.nextClearBit(from) > to ? Coverage.ALL : Coverage.SOME;
  }

  /** How many days after its first row's a block's last row is: key order is day by day. */
  static int days(Chunk.Block block) {
    return Day.epochDayOf(block.timeMaxMicros()) - Day.epochDayOf(block.timeMinMicros());
  }

  private void keepTimes(BlockRows rows) {
    long from = slice.range().fromMicros();
    long to = slice.range().toMicros();
    if (from <= rows.block().timeMinMicros() && rows.block().timeMaxMicros() < to) {
      return;
    }
    long[] time = rows.timeMicros();
    boolean[] keep = rows.keep();
    for (int row = 0; row < rows.rows(); row++) {
      keep[row] &= from <= time[row] && time[row] < to;
    }
  }

  private void keepDays(BlockRows rows) {
    BitSet listed = slice.listed();
    if (listed == null) {
      return;
    }
    int firstDay = slice.range().firstDay().epochDay();
    long[] time = rows.timeMicros();
    boolean[] keep = rows.keep();
    for (int row = 0; row < rows.rows(); row++) {
      keep[row] = keep[row] && listed.get(Day.epochDayOf(time[row]) - firstDay);
    }
  }

  private static void keepStations(BlockRows rows, BitSet wanted) {
    int[] station = rows.station();
    boolean[] keep = rows.keep();
    for (int row = 0; row < rows.rows(); row++) {
      keep[row] = keep[row] && wanted.get(station[row]);
    }
  }
}
