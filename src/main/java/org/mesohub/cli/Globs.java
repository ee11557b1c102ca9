package org.mesohub.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Turns what was typed into files, also where the shell left {@code *} alone. */
final class Globs {
  /** Stands for standard input. */
  static final String STDIN = "-";

  private Globs() {}

  /**
   * The files, each pattern's in order of names.
   *
   * @throws CliException when something is no file or matches none
   */
  static List<String> expand(List<String> arguments) {
    var files = new ArrayList<String>();
    for (String argument : arguments) {
      if (argument.equals(STDIN) || Files.isRegularFile(Path.of(argument))) {
        files.add(argument);
      } else if (Files.isDirectory(Path.of(argument))) {
        throw CliException.usage(
            argument + " is a folder; name its files, such as '" + Path.of(argument, "*.gz") + "'");
      } else if (Files.exists(Path.of(argument))) {
        // A named pipe or device: readable once, but readable.
        files.add(argument);
      } else if (isPattern(argument)) {
        files.addAll(matching(argument));
      } else {
        throw CliException.usage(argument + ": no such file");
      }
    }
    return files;
  }

  private static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static TreeSet<String> matching(String pattern) {
    Path path = Path.of(pattern);
    var found = new TreeSet<Path>();
    found.add(path.isAbsolute() ? path.getRoot() : Path.of(""));
    for (Path step : path) {
      var next = new TreeSet<Path>();
      for (Path folder : found) {
        if (!isPattern(step.toString())) {
          next.add(folder.resolve(step));
        } else if (Files.isDirectory(folder.toString().isEmpty() ? Path.of(".") : folder)) {
          list(folder, step.toString(), next);
        }
      }
      found = next;
    }
    var files = new TreeSet<String>();
    found.stream().filter(Files::isRegularFile).forEach(file -> files.add(file.toString()));
    if (files.isEmpty()) {
      throw CliException.usage("'" + pattern + "' matches no file");
    }
    return files;
  }

  private static void list(Path folder, String glob, TreeSet<Path> into) {
    Path readable = folder.toString().isEmpty() ? Path.of(".") : folder;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(readable, glob)) {
      for (Path entry : entries) {
        boolean hidden = entry.getFileName().toString().startsWith(".");
        if (!hidden || glob.startsWith(".")) {
          into.add(folder.resolve(entry.getFileName()));
        }
      }
    } catch (IOException e) {
      throw CliException.usage("cannot list " + readable + ": " + e);
    }
  }
}
