package org.mesohub.format;

import org.mesohub.observation.ObservationBatch;

/**
 * Turns batches into the bytes of a format: {@link #head} once, {@link #rows} for every batch or
 * part of one, {@link #tail} once. Batches may differ in their columns; a column that a batch lacks
 * is absent in its rows. Not thread-safe.
 */
public interface BatchWriter {
  /** Media type of the output. */
  String mediaType();

  /** Appends what comes before the first row. */
  void head(ByteBuilder out);

  /**
   * Appends rows {@code [from, to)} of a batch.
   *
   * @throws FormatException when a value cannot be written in this format
   */
  void rows(ObservationBatch batch, int from, int to, ByteBuilder out);

  /** Appends all rows of a batch. */
  default void rows(ObservationBatch batch, ByteBuilder out) {
    rows(batch, 0, batch.rows(), out);
  }

  /** Appends what comes after the last row. */
  void tail(ByteBuilder out);
}
