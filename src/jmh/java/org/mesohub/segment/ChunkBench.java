package org.mesohub.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.StationKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Time per row of encoding and decoding a synthetic hour of a mesonet: 13 decimal columns, a few
 * rows a station.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkBench {
  private static final int ROWS = ChunkLimits.ROWS_MAX;
  private static final int BATCH_ROWS = 8_192;
  private static final int COLUMNS = 13;
  private static final int ROWS_PER_STATION = 4;

  private final List<VersionBatch> batches = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<byte[]> bytes = new ArrayList<>();

  @Setup
  public void setUp() {
    var random = new Random(42);
    for (int from = 0; from < ROWS; from += BATCH_ROWS) {
      batches.add(batch(from, random));
    }
    var encoder = new ChunkEncoder(c -> bytes.add(c.bytes()));
    batches.forEach(encoder::add);
    encoder.finish();
    bytes.forEach(b -> chunks.add(Chunk.open(b)));
  }

  private static VersionBatch batch(int from, Random random) {
    var builder = new BatchBuilder(BATCH_ROWS);
    var columns = new int[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
      columns[c] = builder.column(Column.decimal("v" + c, 0, "1"));
    }
    var base = new long[COLUMNS];
    for (int i = 0; i < BATCH_ROWS; i++) {
      boolean newStation = i % ROWS_PER_STATION == 0;
      int number = 1_000_000 + (from + i) / ROWS_PER_STATION;
      int station = builder.station(new StationKey("1", "S" + number));
      builder.addRow(station, 1_521_158_400_000_000L + i % ROWS_PER_STATION * 900_000_000L);
      for (int c = 0; c < COLUMNS; c++) {
        base[c] = newStation ? random.nextInt(9_000) : base[c] + random.nextInt(21) - 10;
        if ((number + c) % 5 == 0) {
          builder.missing(columns[c]);
        } else {
          builder.decimal(columns[c], base[c], 2);
        }
      }
    }
    return new VersionBatch(
        builder.build(), List.of(Origin.local("bench", "")), new int[BATCH_ROWS]);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void encodeRow(Blackhole sink) {
    var encoder = new ChunkEncoder(sink::consume);
    batches.forEach(encoder::add);
    encoder.finish();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void openAndDecodeAllColumnsOfRow(Blackhole sink) {
    for (byte[] chunkBytes : bytes) {
      Chunk chunk = Chunk.open(chunkBytes);
      for (int b = 0; b < chunk.blocks(); b++) {
        for (int c = 0; c < COLUMNS; c++) {
          sink.consume(chunk.block(b).column(c));
        }
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void decodeOneColumnOfRow(Blackhole sink) {
    for (Chunk chunk : chunks) {
      for (int b = 0; b < chunk.blocks(); b++) {
        ColumnVector column = chunk.block(b).column(3);
        sink.consume(column);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void decodeKeysOfRow(Blackhole sink) {
    for (Chunk chunk : chunks) {
      for (int b = 0; b < chunk.blocks(); b++) {
        sink.consume(chunk.block(b).station());
        sink.consume(chunk.block(b).timeMicros());
      }
    }
  }
}
