package org.mesohub.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Merge;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** The rows of a finished put, ready to be read in key order as often as needed. */
sealed interface PutRows extends AutoCloseable {
  long rows();

  /** Gives up memory or disk; idempotent. */
  @Override
  void close();

  /** A few rows in input order, to be sorted together with those of other puts. */
  record Few(ObservationBatch batch) implements PutRows {
    @Override
    public long rows() {
      return batch.rows();
    }

    @Override
    public void close() {}
  }

  /** Rows sorted in memory. */
  record Sorted(VersionBatch batch) implements PutRows {
    @Override
    public long rows() {
      return batch.rows().rows();
    }

    @Override
    public void close() {}
  }

  /** Sorted runs on disk, in input order. */
  record Spilled(List<SpillRun> runs, long rows) implements PutRows {
    @Override
    public void close() {
      runs.forEach(SpillRun::delete);
    }
  }

  /**
   * The rows as windows of sorted rows; keys ascend from window to window, and no key is in two of
   * them.
   *
   * @param origin origin of all rows
   */
  default VersionCursor windows(Origin origin) {
    if (this instanceof Spilled spilled) {
      return new Windows(new Merge(spilled.runs.stream().map(SpillRun::open).toList()), origin);
    }
    VersionBatch only =
        this instanceof Few few ? Sorter.sort(few.batch, origin).batch() : ((Sorted) this).batch;
    return new VersionCursor() {
      private @Nullable VersionBatch left = only;

      @Override
      public @Nullable VersionBatch next() {
        VersionBatch batch = left;
        left = null;
        return batch;
      }
    };
  }
}
