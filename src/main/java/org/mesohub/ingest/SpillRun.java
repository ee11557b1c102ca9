package org.mesohub.ingest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.observation.ColumnVector;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkEncoder;
import org.mesohub.segment.VersionBatch;
import org.mesohub.segment.VersionCursor;

/**
 * A sorted run in a temporary file: encoded chunks, each behind its length. The file lives in the
 * node's spill folder, which is emptied at start.
 *
 * @param file where it is
 * @param rows rows in it
 */
record SpillRun(Path file, long rows) {
  /** Writes what a cursor gives. */
  static SpillRun write(Path folder, VersionCursor sorted) {
    @Nullable Path begun = null;
    boolean whole = false;
    try {
      Path file = Files.createTempFile(folder, "run-", ".spill");
      begun = file;
      long rows = 0;
      try (var out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
        var encoder = new ChunkEncoder(chunk -> append(out, chunk.bytes()));
        for (VersionBatch batch = sorted.next(); batch != null; batch = sorted.next()) {
          encoder.add(batch);
          rows += batch.rows().rows();
        }
        encoder.finish();
        out.writeInt(0);
      }
      whole = true;
      return new SpillRun(file, rows);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a temporary run below " + folder, e);
    } finally {
      sorted.close();
      if (begun != null && !whole) {
        begun.toFile().delete(); // as good as it gets: the folder is emptied at the next start
      }
    }
  }

  private static void append(DataOutputStream out, byte[] chunk) {
    try {
      out.writeInt(chunk.length);
      out.write(chunk);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a temporary run", e);
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the temporary run " + file, e);
    }
  }

  /** Reads the run, a block at a time. */
  VersionCursor open() {
    try {
      return new Reader(
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the temporary run " + file, e);
    }
  }

  private static final class Reader implements VersionCursor {
    private final DataInputStream in;
    private @Nullable Chunk chunk;
    private int block;

    Reader(DataInputStream in) {
      this.in = in;
    }

    @Override
    public @Nullable VersionBatch next() {
      Chunk current = chunk;
      if (current == null || block == current.blocks()) {
        current = read();
        chunk = current;
        block = 0;
        if (current == null) {
          return null;
        }
      }
      return blockOf(current, block++);
    }

    private @Nullable Chunk read() {
      try {
        int length = in.readInt();
        return length == 0 ? null : Chunk.open(in.readNBytes(length));
      } catch (EOFException e) {
        throw new UncheckedIOException("a temporary run ends too early", e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read a temporary run", e);
      }
    }

    private static VersionBatch blockOf(Chunk chunk, int index) {
      Chunk.Block block = chunk.block(index);
      var columns = new java.util.ArrayList<ColumnVector>();
      for (int c = 0; c < chunk.columns().size(); c++) {
        if (!block.isAbsent(c)) {
          columns.add(block.column(c));
        }
      }
      var rows =
          new ObservationBatch(
              block.rows(),
              chunk.stations(),
              block.station(),
              block.timeMicros(),
              List.copyOf(columns));
      return new VersionBatch(rows, chunk.origins(), block.origin());
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a temporary run", e);
      }
    }
  }
}
