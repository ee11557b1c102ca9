package org.mesohub.segment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cursor that is merged, with the batches read from it that still have rows to hand on. */
final class MergeInput {
  private final VersionCursor cursor;
  private final List<MergeSource> sources = new ArrayList<>();
  private MergeStations.@Nullable Ranks ranks;

  /** Index of the first source that has rows which are not safe. */
  private int unsafe;

  private boolean ended;

  MergeInput(VersionCursor cursor) {
    this.cursor = cursor;
  }

  /** Batches with rows left, in order. */
  List<MergeSource> sources() {
    return sources;
  }

  /** Whether the cursor has no more batches. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether nothing is left. */
  boolean isDone() {
    return ended && sources.isEmpty();
  }

  MergeSource head() {
    return sources.get(0);
  }

  MergeSource last() {
    return sources.get(sources.size() - 1);
  }

  /** Reads one more batch, or finds the end. */
  void load(Merge.Stations stations) {
    VersionBatch batch = cursor.next();
    while (batch != null && batch.rows().rows() == 0) {
      batch = cursor.next();
    }
    if (batch == null) {
      ended = true;
      return;
    }
    MergeStations.Ranks known = ranks;
    if (known == null || !known.isOf(batch.rows().stations())) {
      known = stations.add(batch.rows().stations());
      ranks = known;
    }
    sources.add(new MergeSource(batch, known));
  }

  /** The ranks of the dictionary seen last, if any. */
  MergeStations.@Nullable Ranks ranks() {
    return ranks;
  }

  /**
   * Makes rows safe.
   *
   * @param bound source whose last key the safe rows are below; null when all are safe
   * @return how many more are safe than before
   */
  int advance(@Nullable MergeSource bound) {
    int more = 0;
    for (; unsafe < sources.size(); unsafe++) {
      MergeSource source = sources.get(unsafe);
      more += bound == null ? source.allSafe() : source.safeBelow(bound);
      if (source.safe() < source.rows()) {
        break;
      }
    }
    return more;
  }

  /** Forgets the safe rows. */
  void dropSafe() {
    sources.forEach(MergeSource::takeSafe);
    sources.subList(0, unsafe).clear();
    unsafe = 0;
  }

  /** Takes the first batch out whole. */
  MergeSource takeHead() {
    unsafe = Math.max(0, unsafe - 1);
    return sources.remove(0);
  }

  void close() {
    cursor.close();
  }
}
