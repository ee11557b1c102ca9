package org.mesohub.upkeep;

import java.util.List;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Day;
import org.mesohub.query.ChunkSource;
import org.mesohub.segment.ChunkSummary;

/** Rows of runs by day, from manifests: those of a chunk of several days are divided evenly. */
final class RunSizes implements CompactionPlan.RunRows {
  /** Encoded bytes of a row in a small chunk, about. */
  private static final int INLINE_ROW_BYTES = 16;

  private final ChunkSource chunks;

  RunSizes(ChunkSource chunks) {
    this.chunks = chunks;
  }

  @Override
  public long of(RunRef run, Day day) {
    if (run.body() instanceof RunRef.Body.Inline inline) {
      return 1 + inline.chunk().length / INLINE_ROW_BYTES;
    }
    long rows = 0;
    var stored = (RunRef.Body.Stored) run.body();
    for (List<ChunkSummary> summaries : chunks.manifest(stored.manifest()).runs()) {
      for (ChunkSummary chunk : summaries) {
        int first = Day.epochDayOf(chunk.first().timeMicros());
        int last = Day.epochDayOf(chunk.last().timeMicros());
        if (first <= day.epochDay() && day.epochDay() <= last) {
          rows += chunk.rows() / (last - first + 1);
        }
      }
    }
    return rows;
  }
}
