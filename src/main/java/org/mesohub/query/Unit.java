package org.mesohub.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mesohub.segment.RowKey;

/**
 * Slices that may share keys, directly or through others: no other unit of the plan has keys
 * between their first and last.
 *
 * @param slices ascending by first key
 */
record Unit(List<Slice> slices) {
  private static final Comparator<Slice> BY_FIRST_KEY =
      Comparator.comparing(Slice::first).thenComparingInt(Slice::order);

  boolean isSolo() {
    return slices.size() == 1;
  }

  /** Groups slices into units, ascending by key. */
  static List<Unit> split(List<Slice> slices) {
    var sorted = new ArrayList<>(slices);
    sorted.sort(BY_FIRST_KEY);
    var units = new ArrayList<Unit>();
    int start = 0;
    while (start < sorted.size()) {
      RowKey last = sorted.get(start).last();
      int end = start + 1;
      while (end < sorted.size() && sorted.get(end).first().compareTo(last) <= 0) {
        if (sorted.get(end).last().compareTo(last) > 0) {
          last = sorted.get(end).last();
        }
        end++;
      }
      units.add(new Unit(List.copyOf(sorted.subList(start, end))));
      start = end;
    }
    return units;
  }

  /** The slices run by run, in commit order; slices of one run ascending by key. */
  List<List<Slice>> runs() {
    var byOrder = new ArrayList<>(slices);
    byOrder.sort(Comparator.comparingInt(Slice::order).thenComparing(Slice::first));
    var runs = new ArrayList<List<Slice>>();
    int start = 0;
    for (int i = 1; i <= byOrder.size(); i++) {
      if (i == byOrder.size() || byOrder.get(i).order() != byOrder.get(start).order()) {
        runs.add(List.copyOf(byOrder.subList(start, i)));
        start = i;
      }
    }
    return runs;
  }
}
