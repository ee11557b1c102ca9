package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.StationKey;

/** What a real MesoWest snapshot costs on disk. */
class MesowestSizeTest {
  /** Bytes a row that the format promises for this file, manifest included. */
  private static final double BYTES_PER_ROW_MAX = 9.5;

  private static final int LINE_LENGTH = 149;
  private static final int FIELDS_FROM = 23;
  private static final int FIELD_WIDTH = 9;
  private static final String[] NAMES = {
    "MNET", "SLAT", "SLON", "SELV", "TMPF", "SKNT", "DRCT", "GUST", "PMSL", "ALTI", "DWPF", "RELH",
    "WTHR", "P24I"
  };

  private static Path file() {
    String shared = System.getenv().getOrDefault("MESOHUB_SHARED_DATA", "../shared/data");
    return Path.of(shared, "1.mesowest.out.gz");
  }

  private static List<VersionRows.Row> read(Path file) throws IOException {
    var rows = new ArrayList<VersionRows.Row>();
    try (var in = new GZIPInputStream(Files.newInputStream(file));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.length() == LINE_LENGTH && Character.isDigit(line.charAt(14))) {
          rows.add(row(line));
        }
      }
    }
    rows.sort(Comparator.comparing(VersionRows.Row::key));
    return rows;
  }

  private static VersionRows.Row row(String line) {
    var format = DateTimeFormatter.ofPattern("yyyyMMdd/HHmm");
    var time = LocalDateTime.parse(line.substring(8, FIELDS_FROM).trim(), format);
    var cells = new TreeMap<Column, String>();
    for (int i = 1; i < NAMES.length; i++) {
      String text = field(line, i);
      String digits = text.replace(".", "");
      cells.put(
          Column.decimal(NAMES[i], 0, "1"),
          text.equals("-9999.00") ? "m" : state(text) + ":" + Long.parseLong(digits));
    }
    String network = field(line, 0).replace(".00", "");
    var station = new StationKey(network, line.substring(0, 8).trim());
    var key = new RowKey(station, time.toEpochSecond(ZoneOffset.UTC) * 1_000_000);
    return new VersionRows.Row(key, Origin.local("mesowest", ""), cells);
  }

  private static int state(String text) {
    return text.equals("-0.00") ? 2 + CellState.NEGATIVE_ZERO : 2;
  }

  private static String field(String line, int index) {
    int from = FIELDS_FROM + FIELD_WIDTH * index;
    return line.substring(from, from + FIELD_WIDTH).trim();
  }

  @Test
  void aSnapshotStaysWithinItsBytesPerRow() throws IOException {
    assumeTrue(Files.exists(file()), "no sample data at " + file() + "; set MESOHUB_SHARED_DATA");
    var rows = read(file());
    var chunks = VersionRows.encode(rows, new Random(1));
    var decoded = new ArrayList<VersionRows.Row>();
    long bytes =
        new Manifest(List.of(chunks.stream().map(EncodedChunk::summary).toList())).encode().length;
    for (EncodedChunk chunk : chunks) {
      bytes += chunk.bytes().length;
      decoded.addAll(VersionRows.of(Chunk.open(chunk.bytes())));
    }
    assertThat(decoded).isEqualTo(rows);
    assertThat(bytes / (double) rows.size()).isLessThanOrEqualTo(BYTES_PER_ROW_MAX);
  }
}
