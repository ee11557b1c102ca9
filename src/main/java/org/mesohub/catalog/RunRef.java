package org.mesohub.catalog;

import org.mesohub.segment.ChunkId;

/**
 * The runs that one commit added, as the catalogue names them. A day lists every reference with
 * rows in that day; read for a day, only the rows of that day count.
 *
 * @param commit commit that introduced the runs: fills the {@link org.mesohub.segment.Origin#OWN}
 *     placeholders
 * @param commitTimeMicros leader-stamped time of that commit
 */
public record RunRef(long commit, long commitTimeMicros, Body body) {
  /** Where the rows are. */
  public sealed interface Body {
    /** In chunks named by a stored manifest. */
    record Stored(ChunkId manifest) implements Body {}

    /**
     * In the catalogue itself: one encoded chunk of a small put, until compaction moves it to the
     * store.
     *
     * @param id hash of the bytes
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Inline(ChunkId id, byte[] chunk) implements Body {
      @Override
      public boolean equals(Object other) {
        return other instanceof Inline inline && id.equals(inline.id);
      }

      @Override
      public int hashCode() {
        return id.hashCode();
      }
    }
  }
}
