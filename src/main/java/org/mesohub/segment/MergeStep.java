package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/**
 * Ranges of rows from several sorted batches put in one order and handed out a batch at a time, cut
 * between keys only.
 */
final class MergeStep {
  /** Rows of a batch handed out, except for a key that has more versions. */
  static final int BATCH_ROWS_MAX = 8_192;

  private final List<StationKey> stations;
  private final List<MergeSource> sources;
  private final int rows;

  /** Per source its first place; places number the rows of all sources one source after another. */
  private final int[] placeOf;

  /** Per place. */
  private final int[] source;

  private final int[] rank;
  private final long[] timeMicros;
  private final int[] target;

  /** Places in key order. */
  private final int[] order;

  /** Per source the first row that is meant, and the first not handed out yet. */
  private final int[] first;

  private final int[] cursor;

  private int done;

  /**
   * @param sources batches whose rows {@code [from, safe)} are meant, earlier ones first where
   *     commits are equal
   * @param rows number of these rows
   */
  MergeStep(List<StationKey> stations, List<MergeSource> sources, int rows) {
    this.stations = stations;
    this.sources = sources;
    this.rows = rows;
    this.placeOf = new int[sources.size()];
    this.source = new int[rows];
    this.rank = new int[rows];
    this.timeMicros = new long[rows];
    this.target = new int[rows];
    this.first = sources.stream().mapToInt(MergeSource::from).toArray();
    this.cursor = first.clone();
    int place = 0;
    for (int s = 0; s < cursor.length; s++) {
      placeOf[s] = place;
      place = flatten(s, place);
    }
    this.order = order();
  }

  private int flatten(int s, int place) {
    MergeSource from = sources.get(s);
    int size = from.safe() - from.from();
    int[] ranks = from.ranks().rank();
    ObservationBatch batch = from.batch().rows();
    int[] station = batch.station();
    int shift = place - from.from();
    for (int row = from.from(); row < from.safe(); row++) {
      rank[row + shift] = ranks[station[row]];
    }
    System.arraycopy(batch.timeMicros(), from.from(), timeMicros, place, size);
    Arrays.fill(source, place, place + size, s);
    return place + size;
  }

  private int[] order() {
    int[] sorted = KeySort.order(rank, timeMicros, rows);
    if (sorted == null) {
      sorted = new int[rows];
      for (int i = 0; i < rows; i++) {
        sorted[i] = i;
      }
    }
    for (int i = 1; i < rows; i++) {
      int place = sorted[i];
      int to = i;
      while (to > 0 && isSameKey(sorted[to - 1], place) && commit(sorted[to - 1]) > commit(place)) {
        sorted[to] = sorted[to - 1];
        to--;
      }
      sorted[to] = place;
    }
    return sorted;
  }

  private boolean isSameKey(int placeA, int placeB) {
    return timeMicros[placeA] == timeMicros[placeB] && rank[placeA] == rank[placeB];
  }

  private long commit(int place) {
    MergeSource from = sources.get(source[place]);
    int row = first[source[place]] + place - placeOf[source[place]];
    return from.batch().origins().get(from.batch().origin()[row]).commit();
  }

  boolean isDone() {
    return done == rows;
  }

  /**
   * Where the next batch ends: batches of much the same size, moved back to the nearest change of
   * key, or on if there is none.
   */
  private int end() {
    int left = rows - done;
    int batches = (left + BATCH_ROWS_MAX - 1) / BATCH_ROWS_MAX;
    int aim = done + (left + batches - 1) / batches;
    int end = aim;
    while (end > done && end < rows && isSameKey(order[end - 1], order[end])) {
      end--;
    }
    if (end > done) {
      return end;
    }
    end = aim;
    while (end < rows && isSameKey(order[end - 1], order[end])) {
      end++;
    }
    return end;
  }

  /** The next batch; only while not done. */
  VersionBatch next() {
    int start = done;
    int end = end();
    done = end;
    var station = new int[end - start];
    var time = new long[end - start];
    var counts = new int[sources.size()];
    for (int i = start; i < end; i++) {
      int place = order[i];
      int to = i - start;
      station[to] = rank[place];
      time[to] = timeMicros[place];
      target[place] = to;
      counts[source[place]]++;
    }
    var parts = new ArrayList<ColumnScatter.Part>();
    var origins = new OriginUnion(end - start);
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] > 0) {
        MergeSource from = sources.get(s);
        int row = cursor[s];
        int place = placeOf[s] + row - first[s];
        cursor[s] += counts[s];
        parts.add(new ColumnScatter.Part(from.batch().rows(), row, cursor[s], place));
        origins.scatter(from.batch(), row, cursor[s], target, place);
      }
    }
    var scatter = new ColumnScatter(parts, target, end - start);
    return new VersionBatch(
        new ObservationBatch(end - start, stations, station, time, scatter.columns()),
        origins.origins(),
        origins.origin());
  }
}
