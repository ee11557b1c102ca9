package org.mesohub.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/**
 * One row per station, in order of the stations: found when first pulled, as the order is known
 * only then.
 */
final class LatestAnswer implements Answer {
  private final AnswerHeader header;
  private final AnswerSources sources;
  private final Supplier<Pipeline<AnswerBatch>> rows;
  private final Deque<AnswerBatch> ready = new ArrayDeque<>();
  private boolean collected;
  private volatile boolean closed;

  /**
   * @param rows finds the rows and gives them in key order
   */
  LatestAnswer(AnswerHeader header, AnswerSources sources, Supplier<Pipeline<AnswerBatch>> rows) {
    this.header = header;
    this.sources = sources;
    this.rows = rows;
  }

  @Override
  public AnswerHeader header() {
    return header;
  }

  @Override
  public AnswerSources sources() {
    return sources;
  }

  @Override
  public @Nullable AnswerBatch next() {
    if (!collected) {
      collected = true;
      collect();
    }
    if (closed) {
      ready.clear();
      throw new CancellationException("the answer was closed");
    }
    return ready.poll();
  }

  private void collect() {
    List<AnswerBatch> batches = new ArrayList<>();
    try (Pipeline<AnswerBatch> pipeline = rows.get()) {
      AnswerBatch batch;
      while (!closed && (batch = pipeline.next()) != null) {
        batches.add(batch);
      }
    }
    if (batches.isEmpty() || closed) {
      return;
    }
    AnswerBatch joined = AnswerBatches.concat(batches);
    AnswerBatch sorted = isSorted(joined.rows()) ? joined : sort(joined);
    int rows = sorted.rows().rows();
    for (int from = 0; from < rows; from += AnswerBatches.ROWS_MAX) {
      ready.add(AnswerBatches.slice(sorted, from, Math.min(rows, from + AnswerBatches.ROWS_MAX)));
    }
  }

  /** Whether stations ascend from row to row, as they do when all rows are of one day. */
  private static boolean isSorted(ObservationBatch rows) {
    for (int row = 1; row < rows.rows(); row++) {
      if (rows.stationAt(row - 1).compareTo(rows.stationAt(row)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static AnswerBatch sort(AnswerBatch joined) {
    List<StationKey> stations = joined.rows().stations();
    int[] station = joined.rows().station();
    int[] order =
        IntStream.range(0, joined.rows().rows())
            .boxed()
            .sorted(Comparator.comparing(row -> stations.get(station[row])))
            .mapToInt(Integer::intValue)
            .toArray();
    return AnswerBatches.gather(joined, order);
  }

  @Override
  public void close() {
    closed = true;
  }
}
