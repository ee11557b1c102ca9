package org.mesohub.segment;

/**
 * Writes what all columns of a block share: runs of stations, times, state patterns, origins; each
 * a part of its own.
 */
final class KeyWriter {
  private final KeyRows keys;
  private final long[] runStation;
  private final long[] runLength;
  private final Runs runs;
  private final StreamWriter stations;
  private final StreamWriter lengths;
  private final NumberColumnWriter times;
  private final NumberColumnWriter patterns;
  private final NumberColumnWriter origins;

  KeyWriter(KeyRows keys, Runs runs, int[] allRows, long[] origin, int[] pattern) {
    this.keys = keys;
    this.runs = runs;
    this.runStation = new long[runs.count()];
    this.runLength = new long[runs.count()];
    describeRuns();
    this.stations = new StreamWriter(runStation, runs.count());
    this.lengths = new StreamWriter(runLength, runs.count());
    this.times =
        NumberColumnWriter.of(
            allRows,
            keys.timeMicros(),
            keys.rows(),
            keys,
            runs,
            Prediction.DELTA,
            Prediction.PLAIN);
    var wide = new long[keys.rows()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = pattern[i];
    }
    this.patterns =
        NumberColumnWriter.of(
            allRows, wide, keys.rows(), keys, runs, Prediction.PLAIN, Prediction.REPEAT);
    this.origins =
        NumberColumnWriter.of(
            allRows, origin, keys.rows(), keys, runs, Prediction.PLAIN, Prediction.REPEAT);
  }

  private void describeRuns() {
    for (int block = 0; block < keys.blocks(); block++) {
      int before = keys.station()[keys.blockStart(block)] - 1;
      for (int run = runs.blockRun()[block]; run < runs.blockRun()[block + 1]; run++) {
        int station = keys.station()[runs.start()[run]];
        runStation[run] = station - before;
        runLength[run] = runs.start()[run + 1] - runs.start()[run];
        before = station;
      }
    }
  }

  void writeTables(HeaderLanes lanes) {
    stations.writeTable(lanes);
    lengths.writeTable(lanes);
    times.writeTables(lanes);
    patterns.writeTables(lanes);
    origins.writeTables(lanes);
  }

  /** Appends the four parts and their sizes. */
  void writeBlock(int block, ByteWriter payload, ByteWriter sizes) {
    int at = payload.size();
    int from = runs.blockRun()[block];
    int to = runs.blockRun()[block + 1];
    payload.varint(to - from);
    stations.writeBlock(from, to, payload);
    lengths.writeBlock(from, to, payload);
    sizes.varint(payload.size() - at);
    for (NumberColumnWriter part : new NumberColumnWriter[] {times, patterns, origins}) {
      at = payload.size();
      part.writeBlock(block, payload);
      sizes.varint(payload.size() - at);
    }
  }
}
