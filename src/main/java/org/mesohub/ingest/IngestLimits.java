package org.mesohub.ingest;

/**
 * Limits of the write path.
 *
 * @param rowsInMemoryMax rows that all puts together may hold in memory; beyond it puts spill to
 *     disk
 * @param rowsPerPutMax rows of one put held in memory before it spills
 * @param waitingPutsMax finished puts that may wait for their commit
 * @param putBytesMax longest put: bytes as they arrive, and unpacked ones
 * @param largePutsMax puts in progress at once that are longer than a piece of input; shorter ones
 *     are bounded by {@code waitingPutsMax}
 */
public record IngestLimits(
    long rowsInMemoryMax,
    int rowsPerPutMax,
    int waitingPutsMax,
    long putBytesMax,
    int largePutsMax) {
  /**
   * Heap that a buffered row of a MesoWest file takes while it is sorted: cells, keys and the
   * sorted copy, bytes.
   */
  private static final int ROW_BYTES = 320;

  /** Rejects of one put that are kept; the rest is only counted. */
  static final int REJECTS_KEPT_MAX = 1_000;

  /** Stations that station lists may describe; about 400 bytes of heap each while one is put. */
  static final int STATIONS_MAX = 250_000;

  /** Encoded rows of a commit up to this size travel inside the log entry, bytes. */
  static final int INLINE_BYTES_MAX = 64 << 10;

  /** Inline bytes in the catalogue beyond which small commits go to the store instead. */
  static final int INLINE_TOTAL_BYTES_MAX = 8 << 20;

  /** Rows of waiting small puts that are committed together. */
  static final int GROUP_ROWS_MAX = 16_384;

  /** Puts that are committed together. */
  static final int GROUP_PUTS_MAX = 2_048;

  /** Times a commit is compared again after another one came between. */
  static final int ATTEMPTS_MAX = 8;

  /** Rows of a put that may always stay in memory, so that a tiny limit does not make tiny runs. */
  private static final long ROWS_PER_PUT_MIN = 16_384;

  /**
   * Limits for a heap: a quarter of it for rows in memory.
   *
   * @param putMemoryBytes heap that one put may fill with rows before it goes on disk
   */
  public static IngestLimits of(
      long heapBytesMax, long putMemoryBytes, long putBytesMax, int largePutsMax) {
    long rows = Math.max(65_536, heapBytesMax / 4 / ROW_BYTES);
    long ofOne = Math.max(ROWS_PER_PUT_MIN, putMemoryBytes / ROW_BYTES);
    return new IngestLimits(
        rows, (int) Math.min(Math.min(ofOne, rows), 1 << 24), 4_096, putBytesMax, largePutsMax);
  }
}
