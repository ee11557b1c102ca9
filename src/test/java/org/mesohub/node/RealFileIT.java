package org.mesohub.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mesohub.cli.Cli;
import org.mesohub.cli.Console;
import org.mesohub.node.OracleWorld.Key;
import org.mesohub.node.OracleWorld.Row;
import org.mesohub.proto.v1.ObservationServiceGrpcClient;
import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.proto.v1.StatusRequest;

/** A real snapshot in and out of a whole node, digit for digit. */
class RealFileIT {
  private static final String NAME = "1.mesowest.out.gz";
  private static final int ROWS = 52_997;
  private static final int FIELDS_AT = 23;
  private static final int FIELD = 9;
  private static final Console QUIET =
      new Console(
          InputStream.nullInputStream(),
          OutputStream.nullOutputStream(),
          System.err,
          false,
          false,
          false,
          Map.of());
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd/HHmm");

  @TempDir Path folder;

  @Test
  void a_real_snapshot_comes_back_digit_for_digit_and_a_second_put_changes_nothing()
      throws Exception {
    byte[] gzip = read();
    String text = unzip(gzip);
    List<String> lines = text.lines().toList();
    List<String> records = lines.subList(4, lines.size());
    var world = new OracleWorld();
    world.put(records.stream().map(record -> row(lines.get(0), record)).toList());

    try (var node = new NodeFixture(folder)) {
      PutResponse first = node.put(gzip, 1);
      assertThat(first.getStored()).isEqualTo(ROWS);
      assertThat(first.getRejected()).isZero();

      List<String> rows = node.rows(QueryRequest.getDefaultInstance());
      assertThat(rows).isEqualTo(world.rows(0, row -> true));
      assertThat(rows)
          .anyMatch(
              row ->
                  row.contains("/KFSD@1521238200000000{")
                      && row.contains("RELH=86.37")
                      && row.contains("WTHR=200241.00"));

      long bytes = chunkBytes(node);
      List<String> shuffled = new ArrayList<>(records);
      Collections.shuffle(shuffled, new Random(7));
      String again =
          String.join("\n", lines.subList(0, 4)) + "\n" + String.join("\n", shuffled) + "\n";
      PutResponse second = node.put(again.getBytes(StandardCharsets.US_ASCII), 2);
      assertThat(second.getUnchanged()).isEqualTo(ROWS);
      assertThat(second.getStored() + second.getCorrected() + second.getRejected()).isZero();
      assertThat(chunkBytes(node)).isLessThan(bytes + bytes / 100);
    }
  }

  @Test
  void a_get_as_mesowest_gives_the_records_of_the_source_byte_for_byte() throws Exception {
    byte[] gzip = read();
    List<String> lines = unzip(gzip).lines().toList();
    List<String> expected =
        lines.subList(4, lines.size()).stream()
            .sorted(Comparator.comparing(line -> row(lines.get(0), line).key(), OracleWorld.ORDER))
            .toList();
    assertThat(expected).hasSize(ROWS).filteredOn(line -> line.contains("-0.00 ")).hasSize(4);

    Path file = folder.resolve("again.out");
    try (var node = new NodeFixture(folder.resolve("node"))) {
      assertThat(node.put(gzip, 1).getStored()).isEqualTo(ROWS);
      String[] get = {"get", "--from", "2018-03-15", "--to", "2018-04-01"};
      String[] as = {"--format", "mesowest", "-o", file.toString()};
      String[] at = {"--node", "127.0.0.1:" + node.port()};
      assertThat(Cli.run(Stream.of(get, as, at).flatMap(Stream::of).toArray(String[]::new), QUIET))
          .isZero();
    }
    List<String> got = Files.readAllLines(file, StandardCharsets.US_ASCII);
    assertThat(got.get(0)).isEqualTo(lines.get(0));
    assertThat(got.subList(4, got.size())).isEqualTo(expected);
  }

  static long chunkBytes(NodeFixture node) {
    return NodeFixture.await(
            node.call(
                ObservationServiceGrpcClient.Status, List.of(StatusRequest.getDefaultInstance())))
        .get(0)
        .getChunkBytes();
  }

  /** Cuts a record at its columns. */
  private static Row row(String parm, String record) {
    String[] names = parm.substring(parm.indexOf('=') + 1).trim().split(";");
    Map<String, String> cells = new TreeMap<>();
    String network = "";
    for (int i = 0; i < names.length; i++) {
      int at = FIELDS_AT + i * FIELD;
      String cell = record.substring(at, Math.min(at + FIELD, record.length())).trim();
      if (names[i].equals("MNET")) {
        network = cell.replace(".00", "");
      } else {
        cells.put(names[i], cell);
      }
    }
    String station = record.substring(0, 8).trim();
    var time = LocalDateTime.parse(record.substring(9, 22), TIME).toEpochSecond(ZoneOffset.UTC);
    return new Row(new Key(network, station, time * 1_000_000), cells);
  }

  static byte[] read() throws Exception {
    String set = System.getenv("MESOHUB_SHARED_DATA");
    Path path = (set == null ? Path.of("..", "shared", "data") : Path.of(set)).resolve(NAME);
    assumeTrue(Files.exists(path), "no " + NAME + "; set MESOHUB_SHARED_DATA to its folder");
    return Files.readAllBytes(path);
  }

  static String unzip(byte[] gzip) throws Exception {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
