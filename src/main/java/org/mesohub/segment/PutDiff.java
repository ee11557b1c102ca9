package org.mesohub.segment;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;

/**
 * Compares incoming rows with what is stored and keeps what changes: of a new row all its cells, of
 * a correction the cells that differ (numerically: 35.6 equals 35.60), of an equal row nothing. A
 * row repeated within the input is compared with what came before it.
 */
public final class PutDiff {
  /** Counts of one put. */
  public record Counts(long stored, long unchanged, long corrected) {}

  /**
   * What is to be written.
   *
   * @param changed in key order, one row per key; null when nothing changes
   * @param created per row of {@code changed}: whether its key is new in the store; empty when
   *     nothing changes
   * @param counts by put
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(@Nullable VersionBatch changed, boolean[] created, List<Counts> counts) {}

  private PutDiff() {}

  /**
   * @param incoming sorted rows, several per key allowed, all of one origin
   * @param putOf per incoming row, which of the {@code puts} puts it belongs to
   * @param stored the store's rows, at least those whose keys occur in {@code incoming}, each key
   *     once, with all columns of {@code incoming} that exist; batches in any order, the rows of
   *     each in key order; read to its end, not closed
   */
  public static Result diff(VersionBatch incoming, int[] putOf, int puts, FoldedCursor stored) {
    return diff(
        incoming,
        putOf,
        puts,
        stored,
        keys -> {
          throw new IllegalStateException("the store gave a key twice");
        });
  }

  /**
   * {@link #diff(VersionBatch, int[], int, FoldedCursor)} with stored rows that need not be whole.
   *
   * @param parts may give a key several times, when its versions lie in several places; what it
   *     gives once is the stored row
   * @param merged gives the stored rows of some keys, each once; closed
   */
  public static Result diff(
      VersionBatch incoming,
      int[] putOf,
      int puts,
      FoldedCursor parts,
      Function<ObservationBatch, FoldedCursor> merged) {
    requireSorted(incoming.rows());
    KeyGroups groups = KeyGroups.of(incoming.rows());
    var join = new StoredJoin(incoming.rows(), groups);
    DiffState state = null;
    for (FoldedBatch batch = parts.next(); batch != null; batch = parts.next()) {
      int matches = join.join(batch.rows());
      if (matches > 0) {
        state = state == null ? new DiffState(incoming, groups) : state;
        state.compare(batch.rows(), join.matchedGroup(), join.matchedRow(), matches);
      }
    }
    int rows = incoming.rows().rows();
    if (state == null && rows > 0 && groups.count() == rows) {
      return allNew(incoming, putOf, puts);
    }
    state = state == null ? new DiffState(incoming, groups) : state;
    int[] several = state.takeSeveral();
    if (several.length > 0) {
      ObservationBatch keys = Batches.gather(incoming.rows(), several, several.length);
      try (FoldedCursor stored = merged.apply(keys)) {
        for (FoldedBatch batch = stored.next(); batch != null; batch = stored.next()) {
          int matches = join.join(batch.rows());
          state.compare(batch.rows(), join.matchedGroup(), join.matchedRow(), matches);
        }
      }
    }
    state.compareNew();
    return state.result(state.counts(putOf, puts));
  }

  /** The result of rows with distinct keys none of which is stored. */
  private static Result allNew(VersionBatch incoming, int[] putOf, int puts) {
    int rows = incoming.rows().rows();
    var stored = new long[puts];
    for (int row = 0; row < rows; row++) {
      stored[putOf[row]]++;
    }
    var created = new boolean[rows];
    Arrays.fill(created, true);
    return new Result(
        incoming,
        created,
        Arrays.stream(stored).mapToObj(count -> new Counts(count, 0, 0)).toList());
  }

  private static void requireSorted(ObservationBatch rows) {
    if (!StationUnion.isAscending(rows.stations())) {
      throw new IllegalArgumentException("the stations of incoming rows do not ascend: sort first");
    }
    int[] station = rows.station();
    long[] time = rows.timeMicros();
    for (int row = 1; row < rows.rows(); row++) {
      if (KeySort.compare(station[row - 1], time[row - 1], station[row], time[row]) > 0) {
        throw new IllegalArgumentException(
            "incoming row " + row + " comes before the row ahead of it: sort first");
      }
    }
  }
}
