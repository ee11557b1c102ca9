package org.mesohub.segment;

/** Limits of the chunk format; a chunk that exceeds one is refused as corrupt. */
public final class ChunkLimits {
  /** Rows in a chunk. */
  public static final int ROWS_MAX = 65_536;

  /** Bytes of an encoded chunk. */
  public static final int BYTES_MAX = 1 << 20;

  /** Rows in a block, the unit of decoding. */
  public static final int BLOCK_ROWS = 4_096;

  /** Columns in a chunk. */
  public static final int COLUMNS_MAX = 4_096;

  /** Runs merged at once; more are pre-merged. */
  public static final int FAN_IN_MAX = 64;

  private ChunkLimits() {}
}
