package org.mesohub.segment;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mesohub.format.FormatReaders;
import org.mesohub.format.MesoWestGenerator;
import org.mesohub.format.Reject;
import org.mesohub.format.RowSink;
import org.mesohub.observation.ObservationBatch;

/**
 * The figures of the codec's design page: bytes a row and the thread's CPU time, for a real
 * snapshot (path as first argument) and for generated hours merged to a day (number as second).
 */
public final class CodecFigures {
  private static final int TRIALS = 40;
  private static final int WARM_UP_ROWS = 1_500_000;
  private static final int BATCH_ROWS = 8_192;

  private static volatile Object sink = "";

  private final List<VersionBatch> batches = new ArrayList<>();
  private final List<EncodedChunk> encoded = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private final int rows;

  private CodecFigures(ObservationBatch all) {
    VersionBatch sorted = Sorter.sort(all, Origin.local("figures", "")).batch();
    rows = sorted.rows().rows();
    for (int from = 0; from < rows; from += BATCH_ROWS) {
      batches.add(Batches.slice(sorted, from, Math.min(rows, from + BATCH_ROWS)));
    }
    encode(encoded);
    encoded.forEach(c -> chunks.add(Chunk.open(c.bytes())));
  }

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    if (Files.exists(file)) {
      new CodecFigures(read(List.of(Files.readAllBytes(file)))).print("snapshot");
    }
    var generator = new MesoWestGenerator(MesoWestGenerator.Plan.DEFAULT);
    var hours = new ArrayList<byte[]>();
    for (int i = Integer.parseInt(args[1]); i > 0; i--) {
      hours.add(generator.nextHour().bytes());
    }
    if (!hours.isEmpty()) {
      new CodecFigures(read(hours)).print("generated");
    }
  }

  private static ObservationBatch read(List<byte[]> files) {
    var parts = new ArrayList<ObservationBatch>();
    for (byte[] file : files) {
      var reader =
          FormatReaders.detect(
              new RowSink() {
                @Override
                public void batch(ObservationBatch batch) {
                  parts.add(batch);
                }

                @Override
                public void reject(Reject reject) {}
              });
      reader.feed(file, 0, file.length);
      reader.finish();
    }
    return Sorter.concat(parts);
  }

  private void encode(List<EncodedChunk> to) {
    var encoder = new ChunkEncoder(to::add);
    batches.forEach(encoder::add);
    encoder.finish();
  }

  private void print(String name) {
    long bytes =
        new Manifest(List.of(encoded.stream().map(EncodedChunk::summary).toList())).encode().length;
    for (EncodedChunk chunk : encoded) {
      bytes += chunk.bytes().length;
    }
    System.out.printf(
        "%s: %d rows, %d chunks, %d stations in the first, %.3f B/row%n",
        name, rows, chunks.size(), chunks.get(0).stations().size(), bytes / (double) rows);
    for (int i = 0; i < WARM_UP_ROWS; i += rows) {
      encode(new ArrayList<>());
      all();
    }
    report("encode", () -> encode(new ArrayList<>()));
    report("keys: station", () -> blocks((chunk, b) -> chunk.block(b).station(), true));
    report("keys: time", () -> blocks((chunk, b) -> chunk.block(b).timeMicros(), false));
    int columns = chunks.get(0).columns().size();
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      int column = c;
      String what = "column " + chunks.get(0).columns().get(c).variable();
      sum += report(what, () -> blocks((chunk, b) -> chunk.block(b).column(column), false));
    }
    System.out.printf("  columns, mean: %.2f ns/row%n", sum / columns);
    report("open, all keys and columns", this::all);
    double open = time(() -> encoded.forEach(c -> sink = Chunk.open(c.bytes())));
    double stations = time(() -> encoded.forEach(c -> sink = Chunk.open(c.bytes()).stations()));
    System.out.printf(
        "  a chunk: open %.3f ms, with station list %.3f ms%n",
        open / 1e6 / chunks.size(), stations / 1e6 / chunks.size());
  }

  private void all() {
    blocks(
        (chunk, b) -> {
          sink = chunk.block(b).station();
          sink = chunk.block(b).timeMicros();
          for (int c = 0; c < chunk.columns().size(); c++) {
            sink = chunk.block(b).column(c);
          }
          return sink;
        },
        true);
  }

  private interface Part {
    Object of(Chunk chunk, int block);
  }

  private void blocks(Part part, boolean fresh) {
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = fresh ? Chunk.open(encoded.get(i).bytes()) : chunks.get(i);
      for (int b = 0; b < chunk.blocks(); b++) {
        sink = part.of(chunk, b);
      }
    }
  }

  private double report(String what, Runnable work) {
    double nanos = time(work);
    System.out.printf(
        "  %-28s %8.2f ns/row %8.2f M rows/s%n", what, nanos / rows, rows * 1e3 / nanos);
    return nanos / rows;
  }

  /** Least CPU time of this thread: the others suffered from what else the machine did. */
  private static double time(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    var nanos = new long[TRIALS];
    for (int i = 0; i < TRIALS; i++) {
      long before = threads.getCurrentThreadCpuTime();
      work.run();
      nanos[i] = threads.getCurrentThreadCpuTime() - before;
    }
    return Arrays.stream(nanos).min().orElseThrow();
  }
}
