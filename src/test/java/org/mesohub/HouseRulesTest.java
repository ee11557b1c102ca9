package org.mesohub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of this house that a compiler does not know. */
class HouseRulesTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final int LINES_MAX = 400;
  private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

  @Test
  void filesAreSmall() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > LINES_MAX) {
        wrong.add(file + ": " + lines + " lines");
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources()) {
      Path info = file.resolveSibling("package-info.java");
      if (!Files.exists(info)) {
        wrong.add(info + " is missing");
      } else {
        String text = Files.readString(info);
        if (!text.contains("@NullMarked") || !text.startsWith("/**")) {
          wrong.add(info + " lacks @NullMarked or its comment");
        }
      }
    }
    assertThat(wrong.stream().distinct()).isEmpty();
  }

  @Test
  void onlyTheCommandLineWritesToTheStandardStreams() throws IOException {
    assertThat(linesWith(Pattern.compile("System\\.(out|err)\\b|printStackTrace\\(\\)")))
        .filteredOn(line -> !line.startsWith("org/mesohub/cli/"))
        .isEmpty();
  }

  @Test
  void nothingIsLeftUnfinished() throws IOException {
    assertThat(linesWith(UNFINISHED)).isEmpty();
  }

  private static List<String> linesWith(Pattern pattern) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(MAIN.relativize(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MAIN)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).as("sources below " + MAIN.toAbsolutePath()).hasSizeGreaterThan(100);
      return sources;
    }
  }
}
