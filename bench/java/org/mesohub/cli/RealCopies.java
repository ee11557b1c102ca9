package org.mesohub.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** Copies of a real snapshot, each a quarter of an hour later, temperatures moved by a little at random. */
final class RealCopies {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd/HHmm");
  private static final int SHIFT_MINUTES = 15;
  private static final int WIDTH = BenchFiles.CELL_WIDTH;

  private RealCopies() {}

  static List<Path> make(Path source, Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    List<String> lines;
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(source)), StandardCharsets.ISO_8859_1))) {
      lines = in.lines().toList();
    }
    var made = new ArrayList<Path>();
    var random = new Random(1);
    for (int i = 0; i < count; i++) {
      Path target = folder.resolve(String.format("real_%02d.mesowest.out", i));
      try (BufferedWriter out = Files.newBufferedWriter(target, StandardCharsets.ISO_8859_1)) {
        for (String line : lines) {
          out.write(BenchFiles.isRow(line) ? moved(line, i * SHIFT_MINUTES, random) : line);
          out.write('\n');
        }
      }
      made.add(target);
    }
    return made;
  }

  private static String moved(String line, int minutes, Random random) {
    int slash = line.indexOf('/');
    String time = line.substring(slash - 8, slash + 5);
    String later = LocalDateTime.parse(time, TIME).plusMinutes(minutes).format(TIME);
    var text = new StringBuilder(line).replace(slash - 8, slash + 5, later);
    // TMPF is the fifth variable after the time.
    int end = slash + 6 + 5 * WIDTH;
    if (text.length() < end || minutes == 0) {
      return text.toString();
    }
    String cell = text.substring(end - WIDTH, end).trim();
    try {
      double value = Double.parseDouble(cell);
      if (value > -9999) {
        double jittered = value + (random.nextInt(11) - 5) * 0.18;
        text.replace(end - WIDTH, end, String.format("%" + WIDTH + ".2f", jittered));
      }
    } catch (NumberFormatException e) {
      // Two cells have run together: the row stays as it is.
    }
    return text.toString();
  }
}
