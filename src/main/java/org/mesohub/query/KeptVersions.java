package org.mesohub.query;

import org.jspecify.annotations.Nullable;
import org.mesohub.segment.Fold;
import org.mesohub.segment.HistoryTrim;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** The versions that some readable state shows, of versions whose keys are complete per batch. */
final class KeptVersions implements VersionCursor {
  private final VersionCursor all;
  private final Fold fold;
  private final HistoryTrim trim;

  /**
   * @param fold knows the deletions at or below the floor, and only those
   */
  KeptVersions(VersionCursor all, Fold fold, HistoryTrim trim) {
    this.all = all;
    this.fold = fold;
    this.trim = trim;
  }

  @Override
  public @Nullable VersionBatch next() {
    for (VersionBatch batch = all.next(); batch != null; batch = all.next()) {
      VersionBatch kept = trim.apply(fold.filter(batch));
      if (kept.rows().rows() > 0) {
        return kept;
      }
    }
    return null;
  }

  @Override
  public void close() {
    all.close();
  }
}
