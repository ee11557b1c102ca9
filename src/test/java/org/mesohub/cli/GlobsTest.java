package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobsTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    for (String name :
        List.of("b.gz", "a.gz", "c.csv", ".hidden.gz", "d1/x.gz", "d2/y.gz", "e[1].csv")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), "");
    }
  }

  @Test
  void patterns_give_files_in_order_of_names_without_hidden_ones() {
    assertThat(expand("*.gz")).containsExactly(at("a.gz"), at("b.gz"));
    assertThat(expand("?.{gz,csv}")).containsExactly(at("a.gz"), at("b.gz"), at("c.csv"));
  }

  @Test
  void folders_may_be_patterns_too() {
    assertThat(expand("d*/*.gz")).containsExactly(at("d1/x.gz"), at("d2/y.gz"));
  }

  @Test
  void plain_names_keep_their_order_and_dash_stays() {
    assertThat(Globs.expand(List.of(at("c.csv"), "-", at("a.gz"))))
        .containsExactly(at("c.csv"), "-", at("a.gz"));
  }

  @Test
  void a_file_that_looks_like_a_pattern_is_the_file() {
    assertThat(expand("e[1].csv")).containsExactly(at("e[1].csv"));
  }

  @Test
  void relative_patterns_start_in_the_working_folder() {
    assertThat(Globs.expand(List.of("pom.x*"))).containsExactly("pom.xml");
  }

  @Test
  void folders_and_what_is_not_there_are_refused_with_a_hint() {
    assertThatThrownBy(() -> expand("d1"))
        .hasMessageContaining("is a folder")
        .hasMessageContaining("*.gz");
    assertThatThrownBy(() -> expand("z")).hasMessageContaining("no such file");
    assertThatThrownBy(() -> expand("*.zip")).hasMessageContaining("matches no file");
  }

  private List<String> expand(String name) {
    return Globs.expand(List.of(at(name)));
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }
}
