package org.mesohub.format;

import java.util.List;
import org.mesohub.observation.ObservationBatch;

/** Takes what a {@link FormatReader} reads, in input order. Called on the thread that feeds. */
public interface RowSink {
  /** Rows, in input order; never empty. The batch belongs to the sink. */
  void batch(ObservationBatch batch);

  /** A row that cannot be read; the rows around it are not affected. */
  void reject(Reject reject);

  /** Stations of a station list, in input order; never empty. */
  default void stations(List<StationRecord> stations) {
    throw new FormatException(
        "this is a station list, not observations; feed it where stations are taken", 0);
  }
}
