package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir Path folder;

  @Test
  void a_committed_file_replaces_the_old_one_and_leaves_nothing_else() throws Exception {
    Path target = Files.writeString(folder.resolve("out.csv"), "old");
    try (OutputFile file = OutputFile.create(target)) {
      file.stream().write("new".getBytes());
      assertThat(target).hasContent("old");
      file.commit();
    }
    assertThat(target).hasContent("new");
    assertThat(folder).isDirectoryNotContaining("glob:**.part*");
  }

  @Test
  void without_commit_the_old_file_stays_and_the_part_goes() throws Exception {
    Path target = Files.writeString(folder.resolve("out.csv"), "old");
    try (OutputFile file = OutputFile.create(target)) {
      file.stream().write("half".getBytes());
    }
    assertThat(target).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.part*");
  }

  @Test
  void where_nothing_can_be_written_is_wrong_usage() {
    assertThatThrownBy(() -> OutputFile.create(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> OutputFile.create(folder.resolve("no/where.csv")))
        .hasMessageContaining("cannot be written");
  }
}
