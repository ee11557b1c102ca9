package org.mesohub.segment;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of a column are written in every block: a {@link Prediction} and a table for each
 * of its two streams. In a block: the count of the first stream (only when sparse and not plain),
 * the first stream, the later one; nothing when no cell is present.
 */
record NumberColumn(int mode, boolean sparse, SymbolTable first, SymbolTable later) {

  static NumberColumn read(HeaderLanes.Reader lanes) {
    int form =
        lanes
            .meta()
            .varint(Prediction.PLAIN, Prediction.SPARSE + Prediction.REPEAT, "a prediction mode");
    int mode = form % Prediction.SPARSE;
    var first = SymbolTable.read(lanes);
    var later =
        mode == Prediction.PLAIN
            ? SymbolTable.constant(SymbolTable.EMPTY, 0)
            : SymbolTable.read(lanes);
    return new NumberColumn(mode, form >= Prediction.SPARSE, first, later);
  }

  /**
   * An upper bound of the absolute value of any number in a block.
   *
   * @param rows rows in the block
   */
  double magnitude(int rows) {
    double most = first.magnitude();
    if (mode == Prediction.REPEAT) {
      most = Math.max(most, later.magnitude() + 1);
    } else if (mode == Prediction.DELTA) {
      most += rows * later.magnitude();
    }
    return most;
  }

  /**
   * Decodes a block.
   *
   * @param states state per row, of which some may be negative; null when none is
   * @param out receives a number at each present row, 0 at others
   * @return where the column's streams end
   */
  int decode(byte[] bytes, int from, int end, RunIndex runs, byte @Nullable [] states, long[] out) {
    if (sparse) {
      return decodeSparse(
          bytes, from, end, runs, states == null ? new byte[runs.rows] : states, out);
    }
    int rows = runs.rows;
    if (states != null && !anyPresent(states, rows)) {
      return from;
    }
    if (mode == Prediction.PLAIN) {
      int at = first.decode(bytes, from, end, rows, out, 0);
      if (states != null) {
        Prediction.mask(states, rows, out);
      }
      return at;
    }
    long[] streams = Scratch.get().first;
    int at = first.decode(bytes, from, end, runs.count, streams, 0);
    at = later.decode(bytes, at, end, rows - runs.count, streams, runs.count);
    if (mode == Prediction.DELTA) {
      Prediction.denseDeltas(streams, runs, states, out);
    } else {
      Prediction.denseRepeats(streams, runs, states, out);
    }
    return at;
  }

  private static boolean anyPresent(byte[] states, int rows) {
    for (int i = 0; i < rows; i++) {
      if (states[i] >= 0) {
        return true;
      }
    }
    return false;
  }

  private int decodeSparse(
      byte[] bytes, int from, int end, RunIndex runs, byte[] states, long[] out) {
    int present = 0;
    for (int i = 0; i < runs.rows; i++) {
      present += 1 + (states[i] >> 31);
    }
    if (present == 0) {
      return from;
    }
    var scratch = Scratch.get();
    if (mode == Prediction.PLAIN) {
      int at = first.decode(bytes, from, end, present, scratch.first, 0);
      Prediction.merge(mode, scratch.first, present, scratch.later, 0, runs, states, out);
      return at;
    }
    var reader = new ByteReader(bytes, from, end);
    int firstCount = reader.varint(1, present, "a count of first numbers");
    int at = first.decode(bytes, reader.position(), end, firstCount, scratch.first, 0);
    at = later.decode(bytes, at, end, present - firstCount, scratch.later, 0);
    Prediction.merge(
        mode, scratch.first, firstCount, scratch.later, present - firstCount, runs, states, out);
    return at;
  }

  /**
   * Working memory of a thread until the next collection, as many threads decode once in a while;
   * what merging leaves unread in it is harmless.
   */
  private static final class Scratch {
    private static final ThreadLocal<@Nullable WeakReference<Scratch>> OF_THREAD =
        new ThreadLocal<>();
    final long[] first = new long[(1 << ChunkFormat.BLOCK_LOG2_MAX) + 1];
    final long[] later = new long[(1 << ChunkFormat.BLOCK_LOG2_MAX) + 1];

    static Scratch get() {
      WeakReference<Scratch> kept = OF_THREAD.get();
      Scratch known = kept == null ? null : kept.get();
      if (known == null) {
        known = new Scratch();
        OF_THREAD.set(new WeakReference<>(known));
      }
      return known;
    }
  }
}
