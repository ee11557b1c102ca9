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
 */
public record DayEntry(long version, PVector<RunRef> runs, long rows, SortedSet<String> networks) {}
