package org.mesohub.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** How many rows a file has per byte, told from its beginning: for progress, never for results. */
final class RowEstimate {
  /** Bytes of a file that are looked at. */
  private static final int SAMPLE_BYTES = 64 << 10;

  private RowEstimate() {}

  /** Lines per byte as the file is stored, plain or gzip; 0 when that cannot be told. */
  static double rowsPerByte(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] sample = in.readNBytes(SAMPLE_BYTES);
      boolean gzip = sample.length > 2 && sample[0] == 0x1F && sample[1] == (byte) 0x8B;
      return lines(gzip, sample) / (double) Math.max(1, sample.length);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long lines(boolean gzip, byte[] sample) {
    long lines = 0;
    try (InputStream in =
        gzip
            ? new GZIPInputStream(new ByteArrayInputStream(sample))
            : new ByteArrayInputStream(sample)) {
      byte[] some = new byte[8_192];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        for (int i = 0; i < n; i++) {
          lines += some[i] == '\n' ? 1 : 0;
        }
      }
    } catch (IOException e) {
      return lines; // the sample ends within the compressed stream
    }
    return lines;
  }
}
