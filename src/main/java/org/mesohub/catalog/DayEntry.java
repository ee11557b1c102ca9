package org.mesohub.catalog;

import java.util.SortedSet;
import org.pcollections.PVector;

/**
 * What the catalogue knows of a UTC day.
 *
 * @param version commit of the last change that a reader can notice
 * @param runs references with rows in the day, in commit order
 * @param rows distinct keys put and not known to be deleted
 * @param networks networks with rows
 * @param superseded commits that superseded values still in the runs
 */
public record DayEntry(
    long version,
    PVector<RunRef> runs,
    long rows,
    SortedSet<String> networks,
    Superseded superseded) {
  /** A day in which nothing is superseded. */
  public DayEntry(long version, PVector<RunRef> runs, long rows, SortedSet<String> networks) {
    this(version, runs, rows, networks, Superseded.NONE);
  }

  DayEntry withRuns(PVector<RunRef> newRuns, Superseded newSuperseded) {
    return new DayEntry(version, newRuns, rows, networks, newSuperseded);
  }
}
