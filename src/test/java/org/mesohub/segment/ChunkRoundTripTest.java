package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.ValueKind;

class ChunkRoundTripTest {
  private static List<VersionRows.Row> decode(List<EncodedChunk> chunks) {
    var rows = new ArrayList<VersionRows.Row>();
    chunks.forEach(c -> rows.addAll(VersionRows.of(Chunk.open(c.bytes()))));
    return rows;
  }

  @Test
  void givesBackRandomRowsOfEveryKind() {
    for (int seed = 0; seed < 120; seed++) {
      var random = new Random(seed);
      int most = seed % 25 == 0 ? 12_000 : 700;
      var rows = VersionRows.random(random, 1 + random.nextInt(most));
      var chunks = VersionRows.encode(rows, random);
      assertThat(decode(chunks)).as("seed %d", seed).isEqualTo(rows);
    }
  }

  @Test
  void summarisesWhatTheRowsHold() {
    for (int seed = 1000; seed < 1030; seed++) {
      var random = new Random(seed);
      var rows = VersionRows.random(random, 1 + random.nextInt(6000));
      for (EncodedChunk encoded : VersionRows.encode(rows, random)) {
        ChunkSummary summary = encoded.summary();
        assertThat(summary).as("seed %d", seed).isEqualTo(summaryOf(rows, encoded.bytes()));
        checkBlocks(Chunk.open(encoded.bytes()), rows, "seed " + seed);
      }
    }
  }

  private static ChunkSummary summaryOf(List<VersionRows.Row> rows, byte[] bytes) {
    var networks = new TreeSet<String>();
    var columns = new TreeSet<Column>();
    var keys = new TreeSet<RowKey>();
    rows.forEach(r -> networks.add(r.key().station().network()));
    rows.forEach(r -> columns.addAll(r.cells().keySet()));
    rows.forEach(r -> keys.add(r.key()));
    return new ChunkSummary(
        ChunkId.of(bytes),
        bytes.length,
        rows.size(),
        rows.get(0).key(),
        rows.get(rows.size() - 1).key(),
        rows.stream().mapToLong(r -> r.key().timeMicros()).min().orElseThrow(),
        rows.stream().mapToLong(r -> r.key().timeMicros()).max().orElseThrow(),
        List.copyOf(networks),
        List.copyOf(columns),
        keys.size() == rows.size());
  }

  private static void checkBlocks(Chunk chunk, List<VersionRows.Row> rows, String seed) {
    int from = 0;
    for (int b = 0; b < chunk.blocks(); b++) {
      Chunk.Block block = chunk.block(b);
      var part = rows.subList(from, from + block.rows());
      var keys = new TreeSet<RowKey>();
      part.forEach(r -> keys.add(r.key()));
      assertThat(block.first()).as(seed).isEqualTo(part.get(0).key());
      assertThat(block.last()).as(seed).isEqualTo(part.get(part.size() - 1).key());
      assertThat(block.singleVersions()).as(seed).isEqualTo(keys.size() == part.size());
      var times = part.stream().mapToLong(r -> r.key().timeMicros()).summaryStatistics();
      assertThat(block.timeMinMicros()).as(seed).isEqualTo(times.getMin());
      assertThat(block.timeMaxMicros()).as(seed).isEqualTo(times.getMax());
      for (int c = 0; c < chunk.columns().size(); c++) {
        checkBounds(block, c, chunk.columns().get(c), part, seed);
      }
      from += block.rows();
    }
  }

  private static void checkBounds(
      Chunk.Block block, int c, Column column, List<VersionRows.Row> part, String seed) {
    boolean absent = part.stream().noneMatch(r -> r.cells().containsKey(column));
    assertThat(block.isAbsent(c)).as(seed).isEqualTo(absent);
    var numbers = new ArrayList<java.math.BigDecimal>();
    for (var row : part) {
      String cell = row.cells().get(column);
      if (cell != null && !cell.equals("m") && column.kind() != ValueKind.TEXT) {
        numbers.add(number(column, cell));
      }
    }
    if (numbers.isEmpty()) {
      assertThat(block.min(c)).as(seed).isNaN();
      assertThat(block.max(c)).as(seed).isNaN();
      return;
    }
    var min = java.util.Collections.min(numbers);
    var max = java.util.Collections.max(numbers);
    assertThat(new java.math.BigDecimal(block.min(c))).as(seed).isLessThanOrEqualTo(min);
    assertThat(new java.math.BigDecimal(block.max(c))).as(seed).isGreaterThanOrEqualTo(max);
    double slack =
        1e-6 * Math.max(Math.abs(min.doubleValue()), Math.abs(max.doubleValue())) + 1e-30;
    assertThat(min.doubleValue() - block.min(c)).as(seed).isLessThanOrEqualTo(slack);
    assertThat(block.max(c) - max.doubleValue()).as(seed).isLessThanOrEqualTo(slack);
  }

  private static java.math.BigDecimal number(Column column, String cell) {
    if (column.kind() == ValueKind.FLOAT32) {
      return new java.math.BigDecimal(Float.intBitsToFloat(Integer.parseInt(cell)));
    }
    int colon = cell.indexOf(':');
    int scale = CellState.scale(Integer.parseInt(cell.substring(0, colon)));
    return java.math.BigDecimal.valueOf(Long.parseLong(cell.substring(colon + 1)), scale);
  }

  @Test
  void givesTheSameBytesHoweverTheRowsAreBatched() {
    var rows = VersionRows.random(new Random(5), 9_000);
    var one = VersionRows.encode(rows, new Random(1));
    var other = VersionRows.encode(rows, new Random(2));
    assertThat(one).hasSameSizeAs(other);
    for (int i = 0; i < one.size(); i++) {
      assertThat(one.get(i).bytes()).isEqualTo(other.get(i).bytes());
    }
  }

  @Test
  void splitsWhatDoesNotFitOneChunk() {
    var random = new Random(11);
    var rows = new ArrayList<VersionRows.Row>();
    var column = new Column("noise", "", 0, 0, "1", ValueKind.DECIMAL);
    for (int i = 0; i < 70_000; i++) {
      var cells = new TreeMap<Column, String>();
      cells.put(
          column, "0:" + random.nextLong(-999_999_999_999_999_999L, 999_999_999_999_999_999L));
      var key = new RowKey(new StationKey("1", "S" + 100_000 + i), 17);
      rows.add(new VersionRows.Row(key, Origin.local("", ""), cells));
    }
    rows.sort(java.util.Comparator.comparing(VersionRows.Row::key));
    var chunks = VersionRows.encode(rows, random);
    assertThat(chunks).hasSizeGreaterThan(1);
    for (EncodedChunk chunk : chunks) {
      assertThat(chunk.bytes().length).isLessThanOrEqualTo(ChunkLimits.BYTES_MAX);
      assertThat(chunk.summary().rows()).isLessThanOrEqualTo(ChunkLimits.ROWS_MAX);
    }
    assertThat(decode(chunks)).isEqualTo(rows);
  }

  @Test
  void keepsFourThousandSparseColumns() {
    var random = new Random(12);
    var rows = new ArrayList<VersionRows.Row>();
    for (int i = 0; i < 5_000; i++) {
      var cells = new TreeMap<Column, String>();
      for (int k = 0; k < 3; k++) {
        int c = (i * 3 + k) % ChunkLimits.COLUMNS_MAX;
        cells.put(Column.decimal("v" + c, 0, "K"), "1:" + random.nextInt(300));
      }
      var key = new RowKey(new StationKey("1", "S"), 300_000_000L * i);
      rows.add(new VersionRows.Row(key, Origin.local("", ""), cells));
    }
    var chunks = VersionRows.encode(rows, random);
    assertThat(chunks.get(0).summary().columns()).hasSize(ChunkLimits.COLUMNS_MAX);
    assertThat(decode(chunks)).isEqualTo(rows);
  }

  @Test
  void refusesRowsOutOfOrder() {
    var rows = VersionRows.random(new Random(3), 50);
    java.util.Collections.swap(rows, 0, 49);
    assertThatThrownBy(() -> VersionRows.encode(rows, new Random(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key order");
  }
}
