package org.mesohub.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.segment.Batches;
import org.mesohub.segment.Origin;
import org.mesohub.segment.Sorter;

/** Cutting and joining the batches of an answer. */
final class AnswerBatches {
  /** Most rows of a batch. */
  static final int ROWS_MAX = 8_192;

  /** Batches below this many rows are joined with their neighbours. */
  private static final int ROWS_FEW = 1_024;

  private AnswerBatches() {}

  /** Projects hits into batches of 1 to {@link #ROWS_MAX} rows. */
  static List<AnswerBatch> of(List<Hits> hits, Projection projection) {
    var batches = new ArrayList<AnswerBatch>();
    var few = new ArrayList<AnswerBatch>();
    int fewRows = 0;
    for (List<Hits> some : alike(hits)) {
      AnswerBatch batch = projection.apply(some);
      int rows = batch.rows().rows();
      if (rows >= ROWS_FEW || fewRows + rows > ROWS_MAX) {
        join(few, batches);
        fewRows = 0;
      }
      if (rows >= ROWS_FEW) {
        split(batch, batches);
      } else {
        few.add(batch);
        fewRows += rows;
      }
    }
    join(few, batches);
    return batches;
  }

  /** Neighbours with few rows and the same dictionary together, at most one batch of them. */
  private static List<List<Hits>> alike(List<Hits> hits) {
    var groups = new ArrayList<List<Hits>>();
    List<Hits> group = new ArrayList<>();
    int rows = 0;
    for (Hits some : hits) {
      boolean fits =
          !group.isEmpty()
              && isFew(group.get(0))
              && isFew(some)
              && isSame(group.get(0).stations(), some.stations())
              && rows + some.count() <= ROWS_MAX;
      if (!fits && !group.isEmpty()) {
        groups.add(group);
        group = new ArrayList<>();
        rows = 0;
      }
      group.add(some);
      rows += some.count();
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  private static boolean isFew(Hits hits) {
    return hits.count() < ROWS_FEW && hits.origins().isEmpty();
  }

  /** Blocks of one chunk share their dictionary, and comparing others costs more than it saves. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(List<StationKey> one, List<StationKey> other) {
    return one == other;
  }

  private static void join(List<AnswerBatch> few, List<AnswerBatch> into) {
    if (few.size() == 1) {
      into.add(few.get(0));
    } else if (few.size() > 1) {
      into.add(concat(few));
    }
    few.clear();
  }

  private static void split(AnswerBatch batch, List<AnswerBatch> into) {
    int rows = batch.rows().rows();
    for (int from = 0; from < rows; from += ROWS_MAX) {
      into.add(slice(batch, from, Math.min(rows, from + ROWS_MAX)));
    }
  }

  /** Some rows; the whole batch when these are all. */
  static AnswerBatch slice(AnswerBatch batch, int from, int to) {
    if (from == 0 && to == batch.rows().rows()) {
      return batch;
    }
    var picks = new int[to - from];
    for (int i = 0; i < picks.length; i++) {
      picks[i] = from + i;
    }
    return gather(batch, picks);
  }

  /** The rows at some positions, in the order given. */
  static AnswerBatch gather(AnswerBatch batch, int[] picks) {
    ObservationBatch rows = Batches.gather(batch.rows(), picks, picks.length);
    StationSubset used = StationSubset.of(rows.stations(), rows.station(), rows.rows());
    return new AnswerBatch(
        new ObservationBatch(
            rows.rows(), used.stations(), used.station(), rows.timeMicros(), rows.columns()),
        batch.flags() == null ? null : Picks.gather(batch.flags(), picks),
        batch.origins(),
        batch.origin() == null ? null : Picks.gather(batch.origin(), picks));
  }

  /** One batch of all rows of batches with the same columns. */
  static AnswerBatch concat(List<AnswerBatch> batches) {
    List<Column> columns =
        batches.get(0).rows().columns().stream().map(ColumnVector::column).toList();
    ObservationBatch rows =
        Batches.select(Sorter.concat(batches.stream().map(AnswerBatch::rows).toList()), columns);
    byte[] flags = null;
    int at = 0;
    for (AnswerBatch batch : batches) {
      if (batch.flags() != null) {
        flags = flags == null ? new byte[rows.rows()] : flags;
        System.arraycopy(batch.flags(), 0, flags, at, batch.rows().rows());
      }
      at += batch.rows().rows();
    }
    if (batches.stream().allMatch(batch -> batch.origin() == null)) {
      return new AnswerBatch(rows, flags, List.of(), null);
    }
    var table = new LinkedHashMap<Origin, Integer>();
    var origin = new int[rows.rows()];
    origins(batches, table, origin);
    return new AnswerBatch(rows, flags, List.copyOf(table.keySet()), origin);
  }

  private static void origins(List<AnswerBatch> batches, Map<Origin, Integer> table, int[] origin) {
    int at = 0;
    for (AnswerBatch batch : batches) {
      int[] numbers =
          batch.origins().stream()
              .mapToInt(one -> table.computeIfAbsent(one, added -> table.size()))
              .toArray();
      int[] own = Objects.requireNonNull(batch.origin(), "all batches have origins or none has");
      for (int row = 0; row < batch.rows().rows(); row++) {
        origin[at + row] = numbers[own[row]];
      }
      at += batch.rows().rows();
    }
  }
}
