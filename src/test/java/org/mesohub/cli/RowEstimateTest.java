package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowEstimateTest {
  private static final int ROWS = 20_000;

  @TempDir Path folder;

  @Test
  void rows_of_a_long_file_are_told_from_its_beginning_plain_or_gzip() throws Exception {
    var text = new StringBuilder();
    var random = new Random(4);
    for (int i = 0; i < ROWS; i++) {
      text.append("%08d %012d\n".formatted(i, Math.abs(random.nextLong()) % 1_000_000_000_000L));
    }
    byte[] plain = text.toString().getBytes(StandardCharsets.US_ASCII);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    for (byte[] bytes : new byte[][] {plain, packed.toByteArray()}) {
      Path file = Files.write(folder.resolve("rows"), bytes);
      assertThat(RowEstimate.rowsPerByte(file) * bytes.length).isCloseTo(ROWS, within(ROWS * 0.05));
    }
  }

  @Test
  void nothing_is_told_of_what_cannot_be_read() throws Exception {
    assertThat(RowEstimate.rowsPerByte(folder.resolve("none"))).isZero();
    assertThat(RowEstimate.rowsPerByte(Files.write(folder.resolve("empty"), new byte[0]))).isZero();
  }
}
