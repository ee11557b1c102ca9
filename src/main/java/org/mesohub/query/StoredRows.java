package org.mesohub.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.FoldedBatch;

/**
 * The stored rows that a put is compared with. As their order does not matter, chunks that share no
 * time share no key and are read one by one: hourly files of a day, whose keys interleave, are not
 * merged.
 */
final class StoredRows {
  private static final Comparator<Slice> BY_TIME = Comparator.comparingLong(StoredRows::timeMin);

  private StoredRows() {}

  /** The work of a plan; a chunk that shares no key with others is one piece. */
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

  /** The rows found, without the columns that have no cell. */
  static List<FoldedBatch> batches(List<Hits> hits, Collection<Column> columns) {
    var batches = new ArrayList<FoldedBatch>(hits.size());
    for (Hits some : hits) {
      batches.add(batch(some, columns));
    }
    return batches;
  }

  private static FoldedBatch batch(Hits hits, Collection<Column> columns) {
    int[] picks = hits.picks();
    var vectors = new ArrayList<ColumnVector>(columns.size());
    for (Column column : columns) {
      ColumnVector cells = hits.column(column);
      if (cells != null) {
        vectors.add(picks == null ? cells : Vectors.gather(cells, picks));
      }
    }
    int[] station = picks == null ? hits.station() : Picks.gather(hits.station(), picks);
    long[] time = picks == null ? hits.timeMicros() : Picks.gather(hits.timeMicros(), picks);
    byte[] flags = hits.flags();
    return new FoldedBatch(
        new ObservationBatch(hits.count(), hits.stations(), station, time, vectors),
        picks == null || flags == null ? flags : Picks.gather(flags, picks));
  }
}
