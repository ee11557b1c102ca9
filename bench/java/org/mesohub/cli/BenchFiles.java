package org.mesohub.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The files of a run: raw ones, the same rows as CSV for the SQL stores, and the same rows shuffled. */
final class BenchFiles {
  static final List<String> VARIABLES =
      List.of("MNET SLAT SLON SELV TMPF SKNT DRCT GUST PMSL ALTI DWPF RELH WTHR P24I".split(" "));

  static final int CELL_WIDTH = 9;

  /** Other cuts than those of the hourly files. */
  private static final int SHUFFLED_FILES = 17;

  private BenchFiles() {}

  static List<Path> of(Path folder, String prefix, int count) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> p.getFileName().toString().startsWith(prefix))
          .sorted()
          .limit(count)
          .toList();
    }
  }

  static boolean isRow(String line) {
    String[] words = line.trim().split(" +", 3);
    return words.length == 3 && words[1].length() == 13 && words[1].charAt(8) == '/';
  }

  /** Station, time, then the variables; missing ones empty. Made once. */
  static List<Path> csv(List<Path> raw, Path folder) throws IOException {
    Files.createDirectories(folder);
    var made = new ArrayList<Path>();
    for (Path file : raw) {
      Path target = folder.resolve(file.getFileName() + ".csv");
      made.add(target);
      if (Files.exists(target)) {
        continue;
      }
      Path part = folder.resolve("part");
      try (BufferedWriter out = Files.newBufferedWriter(part);
          Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
        for (String line : (Iterable<String>) lines.filter(BenchFiles::isRow)::iterator) {
          out.write(csv(line));
        }
      }
      Files.move(part, target);
    }
    return made;
  }

  /** Cells are cut by width: some run together. */
  private static String csv(String line) {
    int slash = line.indexOf('/');
    String t = line.substring(slash - 8, slash + 5);
    var out = new StringBuilder(160);
    out.append(line.substring(0, slash - 8).trim());
    out.append(',').append(t, 0, 4).append('-').append(t, 4, 6).append('-').append(t, 6, 8);
    out.append(' ').append(t, 9, 11).append(':').append(t, 11, 13).append(":00");
    for (int i = 0; i < VARIABLES.size(); i++) {
      int from = slash + 6 + i * CELL_WIDTH;
      int to = Math.min(line.length(), from + CELL_WIDTH);
      String cell = from < to ? line.substring(from, to).trim() : "";
      out.append(',').append(cell.equals("-9999.00") ? "" : cell);
    }
    return out.append('\n').toString();
  }

  /** The rows of all files in random order, in other cuts, each file with the head of the first. */
  static List<Path> shuffled(List<Path> raw, Path folder, long seed) throws IOException {
    List<Path> targets = new ArrayList<>();
    for (int i = 0; i < SHUFFLED_FILES; i++) {
      targets.add(folder.resolve(String.format("shuffled_%02d.mesowest.out", i)));
    }
    if (Files.exists(targets.get(SHUFFLED_FILES - 1))) {
      return targets;
    }
    Files.createDirectories(folder);
    var head = new ArrayList<String>();
    var rows = new ArrayList<String>();
    for (Path file : raw) {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        if (isRow(line)) {
          rows.add(line);
        } else if (rows.isEmpty()) {
          head.add(line);
        }
      }
    }
    Collections.shuffle(rows, new Random(seed));
    for (int i = 0; i < SHUFFLED_FILES; i++) {
      int from = (int) ((long) rows.size() * i / SHUFFLED_FILES);
      int to = (int) ((long) rows.size() * (i + 1) / SHUFFLED_FILES);
      try (BufferedWriter out = Files.newBufferedWriter(targets.get(i))) {
        for (String line : head) {
          out.write(line + "\n");
        }
        for (String line : rows.subList(from, to)) {
          out.write(line + "\n");
        }
      }
    }
    return targets;
  }

  /** What takes how much in a folder, as {@code du} tells it. */
  static String listing(Path path) throws IOException, InterruptedException {
    Process du = new ProcessBuilder("du", "-ak", path.toString()).start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    du.waitFor();
    return text;
  }

  /** Bytes that a folder or file takes on disk. */
  static long du(Path path) throws IOException, InterruptedException {
    Process du = new ProcessBuilder("du", "-sk", path.toString()).start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    du.waitFor();
    return Long.parseLong(text.split("\\s")[0]) << 10;
  }
}
