package org.mesohub.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/**
 * Feeds the content of a batch into a hash, so that a repeated put of batches is known again
 * whatever its encoding.
 */
final class BatchDigest {
  private BatchDigest() {}

  static void update(MessageDigest digest, ObservationBatch batch) {
    var row = ByteBuffer.allocate(2 * Long.BYTES);
    for (int r = 0; r < batch.rows(); r++) {
      StationKey station = batch.stationAt(r);
      text(digest, station.network());
      text(digest, station.station());
      digest.update(row.clear().putLong(batch.timeMicros()[r]).flip());
    }
    for (ColumnVector cells : batch.columns()) {
      text(digest, cells.column().toString());
      digest.update(cells.states(), 0, batch.rows());
      for (int r = 0; r < batch.rows(); r++) {
        if (cells.isPresent(r)) {
          cell(digest, cells, r, row);
        }
      }
    }
  }

  private static void cell(MessageDigest digest, ColumnVector cells, int r, ByteBuffer row) {
    if (cells instanceof ColumnVector.Decimals decimals) {
      digest.update(row.clear().putLong(decimals.unscaled()[r]).flip());
    } else if (cells instanceof ColumnVector.Floats floats) {
      digest.update(row.clear().putFloat(floats.values()[r]).flip());
    } else if (cells instanceof ColumnVector.Texts texts) {
      text(digest, texts.dictionary()[texts.codes()[r]]);
    }
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
