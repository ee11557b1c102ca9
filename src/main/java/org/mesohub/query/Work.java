package org.mesohub.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkLimits;

/**
 * A part of an answer, in key order with the others.
 *
 * @param cursor starts it; opens no chunk before it is pulled
 * @param independent whether it is small and may be computed ahead by another thread; else it is
 *     pulled bit by bit
 * @param chunks stored chunks that it reads first
 */
record Work(Supplier<HitCursor> cursor, boolean independent, List<ChunkId> chunks) {
  /**
   * Blocks in an independent piece of work: at most 8,192 rows, about 1 MB with the 13 columns of
   * MesoWest.
   */
  static final int BLOCKS = 2;

  /** Blocks where few rows of each can be asked for, so that these come together. */
  private static final int BLOCKS_MAX = 16;

  /** The work of a plan. */
  static List<Work> of(Plan plan, Scan scan) {
    var works = new ArrayList<Work>();
    for (Unit unit : plan.units()) {
      addUnit(unit, scan, works);
    }
    return works;
  }

  static void addUnit(Unit unit, Scan scan, List<Work> into) {
    if (!unit.isSolo()) {
      into.add(
          new Work(() -> new MergeScan(scan, UnitCursor.of(unit, scan)), false, firstChunks(unit)));
      return;
    }
    Slice slice = unit.slices().get(0);
    int blocks = blocks(scan.scope().share(slice));
    int rowsEach = blocks * ChunkLimits.BLOCK_ROWS;
    int pieces = (slice.part().summary().rows() + rowsEach - 1) / rowsEach;
    for (int piece = 0; piece < pieces; piece++) {
      int from = piece * blocks;
      int to = piece == pieces - 1 ? Integer.MAX_VALUE : from + blocks;
      into.add(
          new Work(
              () -> new BlockScan(scan, slice, from, to),
              true,
              piece == 0 ? firstChunks(unit) : List.of()));
    }
  }

  private static int blocks(double share) {
    return (int) Math.max(BLOCKS, Math.min(BLOCKS_MAX, BLOCKS / share));
  }

  private static List<ChunkId> firstChunks(Unit unit) {
    var ids = new ArrayList<ChunkId>();
    for (List<Slice> run : unit.runs()) {
      Part part = run.get(0).part();
      if (part.inline() == null) {
        ids.add(part.summary().id());
      }
    }
    return ids;
  }
}
