package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.FoldedBatch;
import org.mesohub.segment.Merge;
import org.mesohub.segment.Origin;

/**
 * Matching rows of some blocks of a slice that shares no key with others. Blocks without repeated
 * keys need no folding: rows are found by the columns that conditions look at, and other columns
 * are decoded only where there are hits. A key's versions may straddle blocks; such a group belongs
 * to the scan that has its first block.
 */
final class BlockScan implements HitCursor {
  private final Scan scan;
  private final Slice slice;
  private final int end;
  private @Nullable OpenSlice opened;
  private @Nullable MergeScan repeated;
  private int next;

  /**
   * @param toBlock first block left to others; Integer.MAX_VALUE for none
   */
  BlockScan(Scan scan, Slice slice, int fromBlock, int toBlock) {
    this.scan = scan;
    this.slice = slice;
    this.next = fromBlock;
    this.end = toBlock;
  }

  @Override
  public @Nullable Hits next() {
    OpenSlice open = open();
    if (open == null) {
      return null;
    }
    while (true) {
      if (repeated != null) {
        Hits hits = repeated.next();
        if (hits != null) {
          return hits;
        }
        repeated = null;
      }
      if (next >= Math.min(end, open.chunk().blocks())) {
        return null;
      }
      int first = next;
      next = endOfGroup(open.chunk(), first);
      if (next == first + 1 && open.chunk().block(first).singleVersions() && !scan.history()) {
        Hits hits = single(open, first);
        if (hits != null) {
          return hits;
        }
      } else if (scan.predicate().mayMatch(new BlockStats(open, first, next))) {
        var versions = new SliceCursor(open, first, next, scan.columns(), null);
        repeated = new MergeScan(scan, new Merge(List.of(versions)));
      }
    }
  }

  private @Nullable OpenSlice open() {
    if (opened == null) {
      opened = scan.open(slice);
      while (opened != null && continues(opened.chunk(), next)) {
        next++;
      }
    }
    return opened;
  }

  private int endOfGroup(Chunk chunk, int first) {
    int after = first + 1;
    while (continues(chunk, after)) {
      after++;
    }
    return after;
  }

  /** Whether a block starts with the key that the block before ends with. */
  private boolean continues(Chunk chunk, int block) {
    return !slice.part().summary().singleVersions()
        && block > 0
        && block < chunk.blocks()
        && chunk.block(block - 1).last().equals(chunk.block(block).first());
  }

  private @Nullable Hits single(OpenSlice open, int index) {
    if (!scan.predicate().mayMatch(new BlockStats(open, index, index + 1))) {
      return null;
    }
    BlockRows rows = open.rows(index);
    if (rows == null) {
      return null;
    }
    scan.existence().narrow(rows, open.origins(), open.chunk().stations());
    if (!scan.predicate().isTrue()) {
      scan.predicate().narrow(rows::column, rows.rows(), rows.keep());
    }
    int[] picks = rows.picks();
    return picks != null && picks.length == 0
        ? null
        : new BlockHits(open, rows, picks, scan.stamped());
  }

  /** Hits among the rows of a block. */
  @SuppressWarnings("ArrayRecordComponent")
  private record BlockHits(OpenSlice slice, BlockRows rows, int @Nullable [] picks, boolean stamped)
      implements Hits {
    @Override
    public int count() {
      return picks == null ? rows.rows() : picks.length;
    }

    @Override
    public List<StationKey> stations() {
      return slice.chunk().stations();
    }

    @Override
    public int[] station() {
      return rows.station();
    }

    @Override
    public long[] timeMicros() {
      return rows.timeMicros();
    }

    @Override
    public @Nullable ColumnVector column(Column column) {
      return rows.column(column);
    }

    @Override
    public @Nullable ColumnVector picked(Column column) {
      return rows.column(column, picks);
    }

    @Override
    public List<Origin> origins() {
      return stamped ? slice.origins().list() : List.of();
    }

    @Override
    public int @Nullable [] origin() {
      return stamped ? rows.origin() : null;
    }

    @Override
    public byte @Nullable [] flags() {
      if (rows.block().timeMaxMicros() <= slice.origins().firstTimeMicros()) {
        return null;
      }
      List<Origin> origins = slice.origins().list();
      byte[] flags = null;
      int[] origin = rows.origin();
      long[] time = rows.timeMicros();
      for (int row = 0; row < rows.rows(); row++) {
        if (time[row] > origins.get(origin[row]).originTimeMicros()) {
          flags = flags == null ? new byte[rows.rows()] : flags;
          flags[row] = FoldedBatch.FUTURE;
        }
      }
      return flags;
    }
  }
}
