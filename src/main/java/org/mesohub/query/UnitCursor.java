package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.segment.ChunkLimits;
import org.mesohub.segment.Merge;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/** Versions of a unit, merged over its runs; all versions of a key are in one batch. */
final class UnitCursor {
  /** Opens a slice; null when it need not be read. */
  interface Opener {
    @Nullable OpenSlice open(Slice slice);
  }

  private UnitCursor() {}

  static VersionCursor of(Unit unit, Opener open, List<Column> columns) {
    List<VersionCursor> runs = new ArrayList<>();
    for (List<Slice> slices : unit.runs()) {
      runs.add(new RunCursor(slices, open, columns));
    }
    while (runs.size() > ChunkLimits.FAN_IN_MAX) {
      runs = inGroups(runs);
    }
    return new Merge(runs);
  }

  /** Neighbours merged, so that ties still fall in commit order. */
  private static List<VersionCursor> inGroups(List<VersionCursor> runs) {
    var merged = new ArrayList<VersionCursor>();
    for (int i = 0; i < runs.size(); i += ChunkLimits.FAN_IN_MAX) {
      merged.add(new Merge(runs.subList(i, Math.min(runs.size(), i + ChunkLimits.FAN_IN_MAX))));
    }
    return merged;
  }

  /** The slices of one run one after the other, each opened when its turn comes. */
  private static final class RunCursor implements VersionCursor {
    private final List<Slice> slices;
    private final Opener open;
    private final List<Column> columns;
    private int next;
    private @Nullable SliceCursor current;

    RunCursor(List<Slice> slices, Opener open, List<Column> columns) {
      this.slices = slices;
      this.open = open;
      this.columns = columns;
    }

    @Override
    public @Nullable VersionBatch next() {
      while (true) {
        if (current != null) {
          VersionBatch batch = current.next();
          if (batch != null) {
            return batch;
          }
          current = null;
        }
        if (next == slices.size()) {
          return null;
        }
        OpenSlice slice = open.open(slices.get(next++));
        if (slice != null) {
          current = new SliceCursor(slice, 0, slice.chunk().blocks(), columns);
        }
      }
    }

    @Override
    public void close() {
      current = null;
      next = slices.size();
    }
  }
}
