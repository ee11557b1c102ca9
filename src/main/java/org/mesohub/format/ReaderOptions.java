package org.mesohub.format;

import org.jspecify.annotations.Nullable;

/**
 * How a reader cuts and completes what it reads.
 *
 * @param batchRowsMax most rows in a batch, 1 or more
 * @param defaultNetwork network of rows that name none
 * @param unpackedBytesMax most bytes that compressed input may unpack to
 * @param known what earlier readers learned of stations, with the same default network; for one
 *     reader at a time; null: nothing
 */
public record ReaderOptions(
    int batchRowsMax, String defaultNetwork, long unpackedBytesMax, @Nullable KnownStations known) {
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
    if (known != null && !known.defaultNetwork().equals(defaultNetwork)) {
      throw new IllegalArgumentException(
          "stations known for the default network "
              + known.defaultNetwork()
              + " are of no use for "
              + defaultNetwork);
    }
  }

  /** Without a limit on what compressed input unpacks to. */
  public ReaderOptions(int batchRowsMax, String defaultNetwork) {
    this(batchRowsMax, defaultNetwork, Long.MAX_VALUE);
  }

  /** Of a reader that knows no stations yet. */
  public ReaderOptions(int batchRowsMax, String defaultNetwork, long unpackedBytesMax) {
    this(batchRowsMax, defaultNetwork, unpackedBytesMax, null);
  }

  public ReaderOptions withKnown(KnownStations stations) {
    return new ReaderOptions(batchRowsMax, defaultNetwork, unpackedBytesMax, stations);
  }

  /** What a reader starts from. */
  KnownStations stations() {
    return known == null ? KnownStations.once(defaultNetwork) : known;
  }

  public ReaderOptions withDefaultNetwork(String network) {
    return new ReaderOptions(batchRowsMax, network, unpackedBytesMax);
  }
}
