package org.mesohub.query;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;

/**
 * The conditions of a query, compiled for the columns of its plan. A row matches when it is inside
 * the box and, for each condition, some column of the variable has a value that satisfies it.
 * Immutable.
 *
 * @param clauses per condition the tests of its columns, one of which must hold
 * @param box position test, null for none
 */
record Predicate(List<List<ColumnTest>> clauses, @Nullable PositionTest box) {
  static final Predicate TRUE = new Predicate(List.of(), null);

  boolean isTrue() {
    return clauses.isEmpty() && box == null;
  }

  /** Columns that must be decoded. */
  Set<Column> columns() {
    var columns = new LinkedHashSet<Column>();
    clauses.forEach(tests -> tests.forEach(test -> columns.add(test.column())));
    if (box != null) {
      columns.addAll(box.latitudes());
      columns.addAll(box.longitudes());
    }
    return columns;
  }

  /**
   * Whether blocks may have a row that matches; holds for folded rows too, whose cells are cells of
   * some version.
   */
  boolean mayMatch(BlockStats stats) {
    for (List<ColumnTest> tests : clauses) {
      boolean may = false;
      for (ColumnTest test : tests) {
        Column column = test.column();
        may |= !stats.isAbsent(column) && test.mayMatch(stats.min(column), stats.max(column));
      }
      if (!may) {
        return false;
      }
    }
    return box == null || box.mayMatch(stats);
  }

  /** Clears {@code keep} where a row does not match. */
  void narrow(Cells cells, int rows, boolean[] keep) {
    if (box != null) {
      box.narrow(cells, rows, keep);
    }
    if (clauses.isEmpty()) {
      return;
    }
    var hit = new boolean[rows];
    for (List<ColumnTest> tests : clauses) {
      Arrays.fill(hit, false);
      for (ColumnTest test : tests) {
        ColumnVector vector = cells.column(test.column());
        if (vector != null) {
          test.mark(vector, rows, hit);
        }
      }
      for (int row = 0; row < rows; row++) {
        keep[row] &= hit[row];
      }
    }
  }
}
