package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  @Test
  void tells_what_the_file_system_tells(@TempDir Path folder) throws Exception {
    DiskSpace space = DiskSpace.of(folder);

    assertThat(space.isKnown()).isTrue();
    assertThat(space.totalBytes()).isEqualTo(Files.getFileStore(folder).getTotalSpace());
    assertThat(space.usableBytes()).isBetween(1L, space.totalBytes());
  }

  @Test
  void a_disk_of_which_nobody_can_tell_is_not_full(@TempDir Path folder) {
    assertThat(DiskSpace.of(folder.resolve("nothing"))).isEqualTo(DiskSpace.UNKNOWN);
    assertThat(DiskSpace.UNKNOWN.isKnown()).isFalse();
    assertThat(DiskSpace.UNKNOWN.usableBytes()).isEqualTo(Long.MAX_VALUE);
  }
}
