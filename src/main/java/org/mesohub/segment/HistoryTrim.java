package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.mesohub.observation.CellState;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

/**
 * Leaves out what no state from a floor on shows: of the versions of a key at or below the floor,
 * cells that another of them supersedes become absent, and versions without any other cell go. What
 * {@link Fold} makes of the rest is the same as of every commit from the floor on. Thread-safe.
 */
public final class HistoryTrim {
  private final long floor;
  private final VersionRank rank;

  /**
   * @param floor oldest commit whose state must be kept; 0 keeps everything
   * @param owned as in {@link Fold}
   */
  public HistoryTrim(long floor, Set<String> owned) {
    this.floor = floor;
    this.rank = new VersionRank(owned);
  }

  /**
   * What is kept of versions that exist as of the floor or a later commit.
   *
   * @param versions complete keys, all their columns, resolved origins, without versions that are
   *     deleted
   */
  public VersionBatch apply(VersionBatch versions) {
    if (floor == 0 || versions.origins().stream().noneMatch(o -> o.commit() <= floor)) {
      return versions;
    }
    ObservationBatch rows = versions.rows();
    KeyGroups groups = KeyGroups.of(rows);
    if (groups.count() == rows.rows()) {
      return versions;
    }
    var better = new int[rows.rows()];
    Arrays.fill(better, -1);
    boolean any = false;
    for (int group = 0; group < groups.count(); group++) {
      any |= !groups.isSingle(group) && rank(versions, groups, group, better);
    }
    return any ? without(versions, better) : versions;
  }

  /**
   * Ranks the versions of a key at or below the floor. When there are several, {@code better} of
   * each becomes the next higher one, of the highest itself. Others keep -1: nothing is above them.
   */
  private boolean rank(VersionBatch versions, KeyGroups groups, int group, int[] better) {
    List<Integer> old = new ArrayList<>();
    for (int row = groups.start(group); row < groups.end(group); row++) {
      if (origin(versions, row).commit() <= floor) {
        old.add(row);
      }
    }
    if (old.size() < 2) {
      return false;
    }
    Set<String> owners = rank.owners(versions.rows().stationAt(groups.start(group)).network());
    old.sort((a, b) -> VersionRank.compare(origin(versions, a), origin(versions, b), owners));
    for (int i = 0; i < old.size(); i++) {
      better[old.get(i)] = old.get(Math.min(i + 1, old.size() - 1));
    }
    return true;
  }

  private static Origin origin(VersionBatch versions, int row) {
    return versions.origins().get(versions.origin()[row]);
  }

  private static VersionBatch without(VersionBatch versions, int[] better) {
    ObservationBatch rows = versions.rows();
    var keep = new boolean[rows.rows()];
    for (int row = 0; row < keep.length; row++) {
      // The highest stays even without cells: that there is a row at all is told by it.
      keep[row] = better[row] < 0 || better[row] == row;
    }
    List<ColumnVector> columns = new ArrayList<>();
    for (ColumnVector vector : rows.columns()) {
      columns.add(blanked(vector, better, keep));
    }
    var trimmed =
        new VersionBatch(
            new ObservationBatch(
                rows.rows(), rows.stations(), rows.station(), rows.timeMicros(), columns),
            versions.origins(),
            versions.origin());
    int[] picks = picks(keep);
    return picks.length == keep.length ? trimmed : Batches.gather(trimmed, picks, picks.length);
  }

  /** The column without cells that a higher version has too; notes which rows still have one. */
  private static ColumnVector blanked(ColumnVector vector, int[] better, boolean[] keep) {
    byte[] states = vector.states();
    byte[] left = states;
    for (int row = 0; row < keep.length; row++) {
      if (better[row] < 0 || better[row] == row || states[row] == CellState.ABSENT) {
        continue;
      }
      if (hasBetter(states, better, row)) {
        left = left == states ? states.clone() : left;
        left[row] = CellState.ABSENT;
      } else {
        keep[row] = true;
      }
    }
    return left == states ? vector : withStates(vector, left);
  }

  private static boolean hasBetter(byte[] states, int[] better, int row) {
    int at = row;
    while (better[at] != at) {
      at = better[at];
      if (states[at] != CellState.ABSENT) {
        return true;
      }
    }
    return false;
  }

  /** The vector with cells taken out; what is not present is 0. */
  private static ColumnVector withStates(ColumnVector vector, byte[] states) {
    int size = vector.size();
    if (vector instanceof ColumnVector.Decimals decimals) {
      long[] unscaled = decimals.unscaled().clone();
      for (int row = 0; row < size; row++) {
        unscaled[row] = states[row] < 0 ? 0 : unscaled[row];
      }
      return new ColumnVector.Decimals(decimals.column(), size, states, unscaled);
    }
    if (vector instanceof ColumnVector.Floats floats) {
      float[] values = floats.values().clone();
      for (int row = 0; row < size; row++) {
        values[row] = states[row] < 0 ? 0 : values[row];
      }
      return new ColumnVector.Floats(floats.column(), size, states, values);
    }
    var texts = (ColumnVector.Texts) vector;
    int[] codes = texts.codes().clone();
    for (int row = 0; row < size; row++) {
      codes[row] = states[row] < 0 ? 0 : codes[row];
    }
    return new ColumnVector.Texts(texts.column(), size, states, codes, texts.dictionary());
  }

  private static int[] picks(boolean[] keep) {
    var picks = new int[keep.length];
    int count = 0;
    for (int row = 0; row < keep.length; row++) {
      if (keep[row]) {
        picks[count++] = row;
      }
    }
    return Arrays.copyOf(picks, count);
  }
}
