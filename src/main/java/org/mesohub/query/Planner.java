package org.mesohub.query;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.DayEntry;
import org.mesohub.catalog.RunRef;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.ChunkSummary;

/**
 * Finds the chunks that a query must read and splits them into units. A row of a chunk counts only
 * on days that list the chunk's reference: after a compaction the old manifest may still be listed
 * by other days.
 */
final class Planner {
  private final ChunkSource source;

  Planner(ChunkSource source) {
    this.source = source;
  }

  /** The plan for some keys at a catalogue. */
  Plan plan(CatalogueState at, KeyScope scope) {
    if (scope.range().isEmpty()) {
      return new Plan(List.of(), List.of());
    }
    var days = new ArrayList<Integer>();
    var listedBy = new LinkedHashMap<RunRef, BitSet>();
    for (Map.Entry<Day, DayEntry> day :
        at.daysBetween(scope.range().firstDay(), scope.range().lastDay())) {
      if (scope.mayMatchNetworks(day.getValue().networks())) {
        int index = days.size();
        days.add(day.getKey().epochDay());
        for (RunRef ref : day.getValue().runs()) {
          listedBy.computeIfAbsent(ref, r -> new BitSet()).set(index);
        }
      }
    }
    return assemble(listedBy, days, scope);
  }

  /** The plan for all rows of some runs within a range, whatever days list them. */
  Plan plan(List<RunRef> runs, TimeRange range) {
    if (range.isEmpty()) {
      return new Plan(List.of(), List.of());
    }
    KeyScope scope = KeyScope.of(range);
    var slices = new ArrayList<Slice>();
    int order = 0;
    for (RunRef ref : inCommitOrder(new LinkedHashSet<>(runs))) {
      int runsOfRef = 1;
      for (Part part : parts(ref)) {
        runsOfRef = Math.max(runsOfRef, part.run() + 1);
        if (scope.mayMatch(part.summary(), range)) {
          addIfNotEmpty(slices, Slice.of(part, order + part.run(), range, null));
        }
      }
      order += runsOfRef;
    }
    return new Plan(Unit.split(slices), columns(slices));
  }

  private Plan assemble(Map<RunRef, BitSet> listedBy, List<Integer> days, KeyScope scope) {
    prefetchManifests(listedBy.keySet());
    var slices = new ArrayList<Slice>();
    int order = 0;
    for (RunRef ref : inCommitOrder(listedBy.keySet())) {
      BitSet listed = listedBy.getOrDefault(ref, new BitSet());
      int runsOfRef = 1;
      for (Part part : parts(ref)) {
        runsOfRef = Math.max(runsOfRef, part.run() + 1);
        if (scope.mayMatch(part.summary(), scope.range())) {
          slice(part, order + part.run(), listed, days, scope, slices);
        }
      }
      order += runsOfRef;
    }
    return new Plan(Unit.split(slices), columns(slices));
  }

  /** Cuts a part into slices of catalogue days that list it, consecutive in the catalogue. */
  private static void slice(
      Part part, int order, BitSet listed, List<Integer> days, KeyScope scope, List<Slice> into) {
    ChunkSummary summary = part.summary();
    int from = indexOf(days, Day.epochDayOf(summary.first().timeMicros()));
    int lastDay = Day.epochDayOf(summary.last().timeMicros());
    int start = listed.nextSetBit(from);
    while (start >= 0 && days.get(start) <= lastDay) {
      int end = start + 1;
      while (end < days.size() && listed.get(end) && days.get(end) <= lastDay) {
        end++;
      }
      var span =
          new TimeRange(
              new Day(days.get(start)).startMicros(), new Day(days.get(end - 1)).endMicros());
      TimeRange range = scope.range().intersect(span);
      if (scope.mayMatch(summary, range)) {
        addIfNotEmpty(into, Slice.of(part, order, range, offsets(days, start, end, range)));
      }
      start = listed.nextSetBit(end);
    }
  }

  private static void addIfNotEmpty(List<Slice> into, Slice slice) {
    if (slice.first().compareTo(slice.last()) <= 0) {
      into.add(slice);
    }
  }

  /**
   * Days {@code start} to {@code end - 1} as offsets from the first; null when none between is left
   * out.
   */
  private static @org.jspecify.annotations.Nullable BitSet offsets(
      List<Integer> days, int start, int end, TimeRange range) {
    if (days.get(end - 1) - days.get(start) == end - 1 - start) {
      return null;
    }
    var offsets = new BitSet();
    int first = range.firstDay().epochDay();
    for (int i = start; i < end; i++) {
      if (days.get(i) >= first) {
        offsets.set(days.get(i) - first);
      }
    }
    return offsets;
  }

  private static int indexOf(List<Integer> days, int epochDay) {
    int index = Collections.binarySearch(days, epochDay);
    return index < 0 ? -index - 1 : index;
  }

  private static List<RunRef> inCommitOrder(Iterable<RunRef> refs) {
    var sorted = new ArrayList<RunRef>();
    refs.forEach(sorted::add);
    sorted.sort(Comparator.comparingLong(RunRef::commit));
    return sorted;
  }

  private List<Part> parts(RunRef ref) {
    return Part.of(ref, source);
  }

  private void prefetchManifests(Set<RunRef> refs) {
    var ids = new ArrayList<ChunkId>();
    for (RunRef ref : refs) {
      if (ref.body() instanceof RunRef.Body.Stored stored) {
        ids.add(stored.manifest());
      }
    }
    if (ids.size() > 1) {
      source.prefetchManifests(ids);
    }
  }

  private static List<Column> columns(List<Slice> slices) {
    var all = new TreeSet<Column>();
    var seen = Collections.newSetFromMap(new IdentityHashMap<List<Column>, Boolean>());
    for (Slice slice : slices) {
      List<Column> columns = slice.part().summary().columns();
      if (seen.add(columns)) {
        all.addAll(columns);
      }
    }
    var ordered = new ArrayList<Column>();
    for (Column column : VariableDictionary.mesowest()) {
      if (all.remove(column)) {
        ordered.add(column);
      }
    }
    ordered.addAll(all);
    return List.copyOf(ordered);
  }
}
