package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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

  /** All versions, for rewriting. */
  static VersionCursor of(Unit unit, Opener open, List<Column> columns) {
    return of(unit, slice -> cursor(open.open(slice), columns, null));
  }

  /**
   * The versions that a scan needs to find its rows; of keys that cannot match some are left out.
   */
  static VersionCursor of(Unit unit, Scan scan) {
    boolean filters = !scan.predicate().isTrue() && !scan.history();
    return of(
        unit,
        slice -> {
          OpenSlice open = scan.open(slice);
          SliceFilter filter = filters && open != null ? SliceFilter.of(open, unit, scan) : null;
          return cursor(open, scan.columns(), filter);
        });
  }

  private static @Nullable SliceCursor cursor(
      @Nullable OpenSlice slice, List<Column> columns, @Nullable SliceFilter filter) {
    return slice == null
        ? null
        : new SliceCursor(slice, 0, slice.chunk().blocks(), columns, filter);
  }

  private static VersionCursor of(Unit unit, Function<Slice, @Nullable SliceCursor> open) {
    List<VersionCursor> runs = new ArrayList<>();
    for (List<Slice> slices : unit.runs()) {
      runs.add(new RunCursor(slices, open));
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
    private final Function<Slice, @Nullable SliceCursor> open;
    private int next;
    private @Nullable SliceCursor current;

    RunCursor(List<Slice> slices, Function<Slice, @Nullable SliceCursor> open) {
      this.slices = slices;
      this.open = open;
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
        current = open.apply(slices.get(next++));
      }
    }

    @Override
    public void close() {
      current = null;
      next = slices.size();
    }
  }
}
