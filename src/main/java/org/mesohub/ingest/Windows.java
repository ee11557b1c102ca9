package org.mesohub.ingest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/**
 * Joins the small batches of a merge into windows large enough that comparing one with the store
 * pays.
 */
final class Windows implements VersionCursor {
  /** Rows of a window, at least, but for the last. */
  private static final int ROWS_MIN = 32_768;

  private final VersionCursor merged;
  private final Origin origin;

  Windows(VersionCursor merged, Origin origin) {
    this.merged = merged;
    this.origin = origin;
  }

  @Override
  public @Nullable VersionBatch next() {
    List<ObservationBatch> parts = new ArrayList<>();
    int rows = 0;
    while (rows < ROWS_MIN) {
      VersionBatch part = merged.next();
      if (part == null) {
        break;
      }
      parts.add(part.rows());
      rows += part.rows().rows();
    }
    return parts.isEmpty() ? null : Sorter.sort(Sorter.concat(parts), origin).batch();
  }

  @Override
  public void close() {
    merged.close();
  }
}
