package org.mesohub.query;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ColumnVector;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkSummary;
import org.mesohub.segment.PackedColumn;
import org.mesohub.segment.PackedLongs;

/**
 * What readers have decoded of a chunk, packed, for the readers after them. Thread-safe: two that
 * decode the same part at once keep one of two equal results.
 */
public final class DecodedChunk {
  private final int columns;
  private final AtomicReferenceArray<@Nullable PackedColumn> cells;
  private final AtomicReferenceArray<@Nullable PackedLongs> times;
  private final AtomicReferenceArray<@Nullable KeyPrints> prints;
  private final IntConsumer onGrowth;
  private volatile @Nullable HourStations hours;
  private volatile @Nullable ChunkSummary summary;

  /**
   * @param onGrowth is told how many more bytes this takes on the heap
   */
  public DecodedChunk(Chunk chunk, IntConsumer onGrowth) {
    this.columns = chunk.columns().size();
    this.cells = new AtomicReferenceArray<>(chunk.blocks() * columns);
    this.times = new AtomicReferenceArray<>(chunk.blocks());
    this.prints = new AtomicReferenceArray<>(chunk.blocks());
    this.onGrowth = onGrowth;
  }

  @Nullable PackedColumn cells(int block, int column) {
    return cells.get(block * columns + column);
  }

  @Nullable PackedLongs times(int block) {
    return times.get(block);
  }

  @Nullable KeyPrints prints(int block) {
    return prints.get(block);
  }

  void keep(int block, KeyPrints noted) {
    if (prints.compareAndSet(block, null, noted)) {
      onGrowth.accept(noted.bytes());
    }
  }

  @Nullable HourStations hours() {
    return hours;
  }

  void keep(HourStations noted) {
    hours = noted;
  }

  /** What a manifest would say of the chunk, once somebody has made it. */
  @Nullable ChunkSummary summary() {
    return summary;
  }

  void keep(ChunkSummary made) {
    summary = made;
  }

  /** Keeps the cells of a column. */
  void keep(int block, int column, ColumnVector vector) {
    PackedColumn packed = PackedColumn.of(vector);
    if (cells.compareAndSet(block * columns + column, null, packed)) {
      onGrowth.accept(packed.bytes());
    }
  }

  /** Keeps the times of a block's rows. */
  void keep(int block, long[] timeMicros, int rows) {
    PackedLongs packed = PackedLongs.ofTimes(timeMicros, rows);
    if (times.compareAndSet(block, null, packed)) {
      onGrowth.accept(packed.bytes());
    }
  }
}
