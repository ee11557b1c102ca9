package org.mesohub.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.FoldedBatch;

/**
 * The stored rows that a put is compared with. Their order does not matter, so that the chunks of
 * hourly files of a day, whose keys interleave, need not be merged.
 */
final class StoredRows {
  private static final Comparator<Slice> BY_TIME = Comparator.comparingLong(StoredRows::timeMin);

  private StoredRows() {}

  /** Every slice of a plan by itself. */
  static List<Work> parts(Plan plan, Scan scan) {
    return plan.units().stream()
        .flatMap(unit -> unit.slices().stream())
        .map(slice -> whole(slice, scan))
        .toList();
  }

  /** The work of a plan: chunks that share no time share no key and are read one by one. */
  static List<Work> works(Plan plan, Scan scan) {
    var works = new ArrayList<Work>();
    for (Unit unit : plan.units()) {
      for (List<Slice> sharing : byTime(unit.slices())) {
        for (Unit part : Unit.split(sharing)) {
          if (part.isSolo()) {
            works.add(whole(part.slices().get(0), scan));
          } else {
            Work.addUnit(part, scan, works);
          }
        }
      }
    }
    return works;
  }

  private static Work whole(Slice slice, Scan scan) {
    List<ChunkId> chunk =
        slice.part().inline() == null ? List.of(slice.part().summary().id()) : List.of();
    return new Work(() -> new BlockScan(scan, slice, 0, Integer.MAX_VALUE), true, chunk);
  }

  /** Groups of slices such that no time is in two of them. */
  private static List<List<Slice>> byTime(List<Slice> slices) {
    var sorted = new ArrayList<>(slices);
    sorted.sort(BY_TIME);
    var groups = new ArrayList<List<Slice>>();
    long end = Long.MIN_VALUE;
    List<Slice> group = List.of();
    for (Slice slice : sorted) {
      if (group.isEmpty() || timeMin(slice) > end) {
        group = new ArrayList<>();
        groups.add(group);
      }
      group.add(slice);
      end = Math.max(end, timeMax(slice));
    }
    return groups;
  }

  private static long timeMin(Slice slice) {
    return Math.max(slice.range().fromMicros(), slice.part().summary().timeMinMicros());
  }

  private static long timeMax(Slice slice) {
    return Math.min(slice.range().toMicros() - 1, slice.part().summary().timeMaxMicros());
  }

  /** The rows found, with the stations of the keys, without the columns that have no cell. */
  static List<FoldedBatch> batches(List<Hits> hits, SortedKeys keys, Collection<Column> columns) {
    var batches = new ArrayList<FoldedBatch>(hits.size());
    for (Hits some : hits) {
      batches.add(batch(some, keys, columns));
    }
    return batches;
  }

  private static FoldedBatch batch(Hits hits, SortedKeys keys, Collection<Column> columns) {
    int[] picks = hits.picks();
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (Column column : columns) {
      ColumnVector cells = hits.column(column);
      if (cells != null) {
        vectors.add(picks == null ? cells : Vectors.gather(cells, picks));
      }
    }
    List<StationKey> dictionary = hits.stations();
    int[] numbers = keys.numbersOf(dictionary);
    var station = new int[hits.count()];
    for (int i = 0; i < station.length; i++) {
      int index = hits.station()[picks == null ? i : picks[i]];
      station[i] = keys.number(dictionary, numbers, index);
    }
    long[] time = picks == null ? hits.timeMicros() : Picks.gather(hits.timeMicros(), picks);
    byte[] flags = hits.flags();
    return new FoldedBatch(
        new ObservationBatch(hits.count(), keys.stations(), station, time, vectors),
        picks == null || flags == null ? flags : Picks.gather(flags, picks));
  }
}
