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

  KeyWriter(
      KeyRows keys, Runs runs, int[] allRows, long[] origin, int[] pattern, EncodeScratch scratch) {
    this.keys = keys;
    this.runs = runs;
    this.runStation = new long[runs.count()];
    this.runLength = new long[runs.count()];
    describeRuns();
    this.stations = new StreamWriter(runStation, 0, runs.count(), scratch);
    this.lengths = new StreamWriter(runLength, 0, runs.count(), scratch);
    this.times =
        NumberColumnWriter.of(
            allRows,
            keys.timeMicros(),
            keys.rows(),
            keys,
            runs,
            scratch,
            Prediction.DELTA,
            Prediction.PLAIN);
    var wide = new long[keys.rows()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = pattern[i];
    }
    this.patterns =
        NumberColumnWriter.of(
            allRows, wide, keys.rows(), keys, runs, scratch, Prediction.PLAIN, Prediction.REPEAT);
    this.origins =
        NumberColumnWriter.of(
            allRows, origin, keys.rows(), keys, runs, scratch, Prediction.PLAIN, Prediction.REPEAT);
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

  /** Writes the four parts of every block. */
  void writeBlocks(ChunkParts parts) {
    for (int block = 0; block < keys.blocks(); block++) {
      int from = runs.blockRun()[block];
      int to = runs.blockRun()[block + 1];
      ByteWriter out = parts.begin();
      out.varint(to - from);
      stations.writeBlock(from, to, out);
      lengths.writeBlock(from, to, out);
      parts.end(block);
    }
    stations.close();
    lengths.close();
    for (NumberColumnWriter part : new NumberColumnWriter[] {times, patterns, origins}) {
      for (int block = 0; block < keys.blocks(); block++) {
        part.writeBlock(block, parts.begin());
        parts.end(block);
      }
      part.close();
    }
  }
}
