package org.mesohub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeOne() throws IOException {
    file = folder.resolve("snapshot.1_2");
    new SnapshotFile(41, 1_700_000_000_000_000L, new byte[] {1, 2, 3, 4, 5}).write(file);
  }

  @Test
  void givesBackStateAndCountersAndLeavesNothingAside() throws IOException {
    SnapshotFile read = SnapshotFile.read(file);
    assertThat(read.opIndex()).isEqualTo(41);
    assertThat(read.timeMicros()).isEqualTo(1_700_000_000_000_000L);
    assertThat(read.state()).containsExactly(1, 2, 3, 4, 5);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertThatThrownBy(() -> SnapshotFile.read(file))
          .as("bit %d", bit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void everyCutIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SnapshotFile.read(file))
          .as("cut to %d bytes", length)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void unknownFormatIsRefusedByName() throws IOException {
    byte[] newer = Files.readAllBytes(file);
    ByteBuffer.wrap(newer).putInt(4, 2);
    Files.write(file, newer);
    assertThatThrownBy(() -> SnapshotFile.read(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("newer program");
  }
}
