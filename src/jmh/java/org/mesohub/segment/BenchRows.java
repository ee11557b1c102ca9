package org.mesohub.segment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;

/** Rows like a mesonet's: 13 decimal columns, a fifth of the cells absent or missing. */
final class BenchRows {
  static final int COLUMNS = 13;
  private static final long SECOND_MICROS = 1_000_000;
  private static final long DAY_SECONDS = 86_400;

  private BenchRows() {}

  /**
   * Rows whose keys are number {@code phase}, {@code phase + stride} and so on in the key order of
   * one day, shuffled if wanted. Two batches of one stride and other phases have no key in common
   * and are interleaved fully. Times are whole seconds.
   */
  static ObservationBatch rows(
      int rows, int stations, long phase, long stride, boolean shuffled, long seed) {
    var random = new Random(seed);
    var keys = new ArrayList<Long>(rows);
    for (int i = 0; i < rows; i++) {
      keys.add(phase + i * stride);
    }
    if (shuffled) {
      Collections.shuffle(keys, random);
    }
    var dictionary = new ArrayList<StationKey>();
    for (int i = 0; i < stations; i++) {
      dictionary.add(new StationKey("" + (1 + i / 400), String.format("ST%05d", i)));
    }
    dictionary.sort(null);
    long perStation = (rows * stride + stations - 1) / stations;
    var station = new int[rows];
    var time = new long[rows];
    for (int i = 0; i < rows; i++) {
      station[i] = (int) (keys.get(i) / perStation);
      time[i] = keys.get(i) % perStation * (DAY_SECONDS / perStation) * SECOND_MICROS;
    }
    List<ColumnVector> columns = new ArrayList<>();
    for (int c = 0; c < COLUMNS; c++) {
      columns.add(column(c, rows, random));
    }
    return new ObservationBatch(rows, List.copyOf(dictionary), station, time, columns);
  }

  private static ColumnVector column(int index, int rows, Random random) {
    var states = new byte[rows];
    var unscaled = new long[rows];
    for (int i = 0; i < rows; i++) {
      int kind = random.nextInt(10);
      states[i] = kind == 0 ? CellState.ABSENT : kind == 1 ? CellState.MISSING : (byte) 2;
      unscaled[i] = kind < 2 ? 0 : random.nextInt(10_000);
    }
    return new ColumnVector.Decimals(
        Column.decimal("variable_" + (char) ('a' + index), 0, "1"), rows, states, unscaled);
  }

  static VersionBatch versions(ObservationBatch rows, long commit) {
    var origin = new Origin(commit, "", commit, Long.MAX_VALUE, "feed", "");
    return new VersionBatch(rows, List.of(origin), new int[rows.rows()]);
  }

  /** The batch in blocks as a chunk would give them. */
  static List<VersionBatch> blocks(VersionBatch batch) {
    var blocks = new ArrayList<VersionBatch>();
    for (int from = 0; from < batch.rows().rows(); from += ChunkLimits.BLOCK_ROWS) {
      int to = Math.min(batch.rows().rows(), from + ChunkLimits.BLOCK_ROWS);
      blocks.add(Batches.slice(batch, from, to));
    }
    return blocks;
  }
}
