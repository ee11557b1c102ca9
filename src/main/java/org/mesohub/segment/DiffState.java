package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;

/**
 * What a diff knows so far of the incoming rows: which cells are to be written, and which rows
 * changed anything.
 */
final class DiffState {
  private static final int NONE = -1;

  private final VersionBatch incoming;
  private final KeyGroups groups;
  private final List<ColumnVector> columns;

  /** Per column and group the row whose cell is to be written, or {@link #NONE}. */
  private final int[][] written;

  /** Per group whether the store has the key. */
  private final boolean[] isStored;

  /** Groups that came more than once from the store. */
  private final BitSet several = new BitSet();

  /** Per row whether a cell of it differed from the state before it. */
  private final boolean[] isChanged;

  DiffState(VersionBatch incoming, KeyGroups groups) {
    this.incoming = incoming;
    this.groups = groups;
    this.columns = incoming.rows().columns();
    this.isStored = new boolean[groups.count()];
    this.isChanged = new boolean[incoming.rows().rows()];
    var first = new int[groups.count()];
    for (int group = 0; group < first.length; group++) {
      first[group] = groups.start(group);
    }
    this.written = new int[columns.size()][];
    Arrays.setAll(written, c -> first.clone());
  }

  /** Compares groups with the rows that the store has for them; a group's first row counts. */
  void compare(ObservationBatch stored, int[] matchedGroup, int[] matchedRow, int matches) {
    var group = new int[matches];
    var inRow = new int[matches];
    var storedRow = new int[matches];
    int singles = 0;
    var repeated = new ArrayList<Integer>();
    for (int i = 0; i < matches; i++) {
      if (isStored[matchedGroup[i]]) {
        several.set(matchedGroup[i]);
        continue;
      }
      isStored[matchedGroup[i]] = true;
      if (groups.isSingle(matchedGroup[i])) {
        group[singles] = matchedGroup[i];
        inRow[singles] = groups.start(matchedGroup[i]);
        storedRow[singles++] = matchedRow[i];
      } else {
        repeated.add(i);
      }
    }
    Map<Column, ColumnVector> storedColumns = new HashMap<>();
    stored.columns().forEach(vector -> storedColumns.put(vector.column(), vector));
    var differs = new boolean[singles];
    for (int c = 0; c < written.length; c++) {
      ColumnVector storedColumn = storedColumns.get(columns.get(c).column());
      CellCompare.differs(columns.get(c), inRow, storedColumn, storedRow, singles, differs);
      for (int i = 0; i < singles; i++) {
        if (differs[i]) {
          isChanged[inRow[i]] = true;
        } else {
          written[c][group[i]] = NONE;
        }
      }
      for (int i : repeated) {
        written[c][matchedGroup[i]] = last(c, matchedGroup[i], storedColumn, matchedRow[i]);
      }
    }
  }

  /**
   * Forgets what was compared of the groups that came more than once; gives a row of each, in key
   * order.
   */
  int[] takeSeveral() {
    int[] rows = several.stream().map(groups::start).toArray();
    several.stream()
        .forEach(
            group -> {
              isStored[group] = false;
              Arrays.fill(isChanged, groups.start(group), groups.end(group), false);
              for (int[] column : written) {
                column[group] = groups.start(group);
              }
            });
    several.clear();
    return rows;
  }

  /** Compares the rows of new keys that come more than once among themselves. */
  void compareNew() {
    for (int group = 0; group < groups.count(); group++) {
      if (!isStored[group] && !groups.isSingle(group)) {
        for (int c = 0; c < written.length; c++) {
          written[c][group] = last(c, group, null, NONE);
        }
      }
    }
  }

  /**
   * Lays a group's cells of a column over the stored one in turn; the row of the last change, or
   * none if it undid the others.
   */
  private int last(int column, int group, @Nullable ColumnVector stored, int storedRow) {
    ColumnVector in = columns.get(column);
    int current = NONE;
    for (int row = groups.start(group); row < groups.end(group); row++) {
      if (in.states()[row] == CellState.ABSENT) {
        continue;
      }
      boolean same =
          current == NONE
              ? isSame(in, row, stored, storedRow)
              : CellCompare.same(in, row, in, current);
      if (!same) {
        isChanged[row] = true;
        current = row;
      }
    }
    return current != NONE && isSame(in, current, stored, storedRow) ? NONE : current;
  }

  private static boolean isSame(
      ColumnVector in, int row, @Nullable ColumnVector stored, int storedRow) {
    return stored != null && CellCompare.same(in, row, stored, storedRow);
  }

  /** Counts rows by put. */
  List<PutDiff.Counts> counts(int[] putOf, int puts) {
    var stored = new long[puts];
    var unchanged = new long[puts];
    var corrected = new long[puts];
    for (int group = 0; group < groups.count(); group++) {
      for (int row = groups.start(group); row < groups.end(group); row++) {
        if (!isStored[group] && row == groups.start(group)) {
          stored[putOf[row]]++;
        } else if (isChanged[row]) {
          corrected[putOf[row]]++;
        } else {
          unchanged[putOf[row]]++;
        }
      }
    }
    var counts = new ArrayList<PutDiff.Counts>(puts);
    for (int put = 0; put < puts; put++) {
      counts.add(new PutDiff.Counts(stored[put], unchanged[put], corrected[put]));
    }
    return counts;
  }

  /** The rows to be written. */
  PutDiff.Result result(List<PutDiff.Counts> counts) {
    var kept = new int[groups.count()];
    var row = new int[groups.count()];
    var created = new boolean[groups.count()];
    int count = 0;
    for (int group = 0; group < groups.count(); group++) {
      if (!isStored[group] || isWritten(group)) {
        kept[count] = group;
        created[count] = !isStored[group];
        row[count++] = lastChanged(group);
      }
    }
    VersionBatch changed = count == 0 ? null : changed(kept, row, count);
    return new PutDiff.Result(changed, Arrays.copyOf(created, count), counts);
  }

  /** Some groups as rows, their keys and origins taken from {@code row}. */
  private VersionBatch changed(int[] kept, int[] row, int count) {
    ObservationBatch rows = incoming.rows();
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (int c = 0; c < written.length; c++) {
      ColumnVector vector =
          ColumnGather.gather(columns.get(c), ColumnGather.ints(written[c], kept, count), count);
      if (saysAnything(vector)) {
        vectors.add(vector);
      }
    }
    var changed =
        new ObservationBatch(
            count,
            rows.stations(),
            ColumnGather.ints(rows.station(), row, count),
            ColumnGather.longs(rows.timeMicros(), row, count),
            vectors);
    return new VersionBatch(
        changed, incoming.origins(), ColumnGather.ints(incoming.origin(), row, count));
  }

  private boolean isWritten(int group) {
    for (int[] column : written) {
      if (column[group] != NONE) {
        return true;
      }
    }
    return false;
  }

  /** The row of a group that its origin is taken from. */
  private int lastChanged(int group) {
    int row = groups.end(group) - 1;
    while (row > groups.start(group) && !isChanged[row]) {
      row--;
    }
    return row;
  }

  private static boolean saysAnything(ColumnVector vector) {
    for (byte state : vector.states()) {
      if (state != CellState.ABSENT) {
        return true;
      }
    }
    return false;
  }
}
