package org.mesohub.segment;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts sorted row versions into chunks. Rows must come in key order over all calls. Not
 * thread-safe.
 */
public final class ChunkEncoder {
  /**
   * Rows taken between two looks at the buffer's size; chunks are cut at its multiples whatever the
   * batches are.
   */
  private static final int SLICE_ROWS = 1024;

  /** Cells (not absent) buffered before a chunk is cut: about 60 MB. */
  private static final long CELLS_MAX = 4_000_000;

  /**
   * Share of the size limit aimed at when a chunk must be split, so that pieces seldom need a
   * second try.
   */
  private static final double SPLIT_FILL = 0.9;

  private final Consumer<EncodedChunk> sink;
  private final RowBuffer buffer;

  /** Last key sent. */
  private @Nullable RowKey last;

  public ChunkEncoder(Consumer<EncodedChunk> sink) {
    this(sink, 0);
  }

  /**
   * @param rowsExpected rows that will come, to make room for at once; 0: unknown
   */
  public ChunkEncoder(Consumer<EncodedChunk> sink, int rowsExpected) {
    this.sink = sink;
    this.buffer = new RowBuffer(rowsExpected);
  }

  /** Adds rows that follow those added before; full chunks go to the sink. */
  public void add(VersionBatch sorted) {
    RowBuffer.Source source = buffer.new Source(sorted);
    int rows = sorted.rows().rows();
    int from = 0;
    while (from < rows) {
      int slice = Math.min(rows - from, SLICE_ROWS - buffer.rows % SLICE_ROWS);
      source.take(from, from + slice);
      from += slice;
      boolean sliceFull = buffer.rows % SLICE_ROWS == 0;
      if (buffer.rows == ChunkLimits.ROWS_MAX || sliceFull && buffer.cells >= CELLS_MAX) {
        finish();
        source.forget();
      }
    }
  }

  /** Sends the last, partly filled chunk to the sink. */
  public void finish() {
    if (buffer.rows > 0) {
      send(0, buffer.rows);
      buffer.clear();
    }
  }

  private void send(int from, int to) {
    EncodedChunk chunk = ChunkWriter.encode(buffer, from, to);
    if (chunk != null && chunk.bytes().length <= ChunkLimits.BYTES_MAX) {
      emit(chunk);
      return;
    }
    int rows = to - from;
    if (rows == 1) {
      throw new IllegalArgumentException(
          "one row of "
              + buffer.stations.get(buffer.station[from])
              + " needs more than a chunk of "
              + ChunkLimits.BYTES_MAX
              + " bytes holds; give it fewer or shorter cells");
    }
    double size = chunk == null ? 0 : chunk.bytes().length;
    int wanted = (int) Math.ceil(size / (SPLIT_FILL * ChunkLimits.BYTES_MAX));
    int pieces = Math.min(rows, Math.max(2, wanted));
    int start = from;
    for (int piece = 1; piece <= pieces; piece++) {
      int end = from + (int) ((long) rows * piece / pieces);
      send(start, end);
      start = end;
    }
  }

  private void emit(EncodedChunk chunk) {
    RowKey first = chunk.summary().first();
    if (last != null && last.compareTo(first) > 0) {
      throw new IllegalArgumentException(
          "rows must come in key order (day, network, station, time): "
              + first
              + " follows "
              + last
              + "; sort them first");
    }
    last = chunk.summary().last();
    sink.accept(chunk);
  }
}
