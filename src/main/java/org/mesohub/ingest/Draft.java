package org.mesohub.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.proto.internal.v1.DayDelta;

/**
 * A commit ready to be proposed: rows compared with a state, encoded, and durable in the store (or
 * small enough for the log entry).
 *
 * @param basis state compared with
 * @param body where the changed rows are; null when nothing changes, or in a dry run
 * @param days what changes, by day
 * @param networks networks of the changed rows, ascending
 * @param tallies by put
 * @param noted the changed rows of small puts, to be known of the next; null for others
 * @param upload holds the leases on the chunks; null in a dry run
 */
record Draft(
    CatalogueState basis,
    RunRef.@Nullable Body body,
    List<DayDelta> days,
    List<String> networks,
    List<PutTally> tallies,
    @Nullable ObservationBatch noted,
    @Nullable RunUpload upload) {
  /** Lets go of the chunks: they are named by the catalogue, or wanted no more. */
  void release() {
    if (upload != null) {
      upload.release();
    }
  }
}
