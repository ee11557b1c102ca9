package org.mesohub.format;

/**
 * How a reader cuts and completes what it reads.
 *
 * @param batchRowsMax most rows in a batch, 1 or more
 * @param defaultNetwork network of rows that name none
 * @param unpackedBytesMax most bytes that compressed input may unpack to
 */
public record ReaderOptions(int batchRowsMax, String defaultNetwork, long unpackedBytesMax) {
  /** Rows of a batch unless told otherwise: as many as a chunk holds. */
  public static final int BATCH_ROWS_DEFAULT = 65_536;

  /** Network of rows that name none unless told otherwise. */
  public static final String NETWORK_DEFAULT = "default";

  public static final ReaderOptions DEFAULTS =
      new ReaderOptions(BATCH_ROWS_DEFAULT, NETWORK_DEFAULT);

  public ReaderOptions {
    if (batchRowsMax < 1) {
      throw new IllegalArgumentException("batchRowsMax must be 1 or more, not " + batchRowsMax);
    }
  }

  /** Without a limit on what compressed input unpacks to. */
  public ReaderOptions(int batchRowsMax, String defaultNetwork) {
    this(batchRowsMax, defaultNetwork, Long.MAX_VALUE);
  }

  public ReaderOptions withDefaultNetwork(String network) {
    return new ReaderOptions(batchRowsMax, network, unpackedBytesMax);
  }
}
