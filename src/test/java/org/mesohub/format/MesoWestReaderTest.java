package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.VariableDictionary;

class MesoWestReaderTest {
  private static final String HEAD =
      " PARM = MNET;SLAT;SLON;SELV;TMPF;SKNT;DRCT;GUST;PMSL;ALTI;DWPF;RELH;WTHR;P24I\n\n\n"
          + "    STN  YYMMDD/HHMM      MNET     SLAT     SLON     SELV     TMPF     SKNT     DRCT"
          + "     GUST     PMSL     ALTI     DWPF     RELH     WTHR     P24I     \n";

  /** A record with a network and values for the other 13 fields; those not given are -9999.00. */
  static String record(String station, String time, String network, String... values) {
    var line = new StringBuilder("%7s  %13s %9s".formatted(station, time, network));
    for (int i = 0; i < 13; i++) {
      line.append("%9s".formatted(i < values.length ? values[i] : "-9999.00"));
    }
    return line + "\n";
  }

  @Test
  void a_real_file_is_read_whole_with_its_fused_columns() {
    Collected all = Collected.of(RealFiles.read(RealFiles.MESOWEST));

    assertThat(all.rejects).isEmpty();
    assertThat(all.rowCount()).isEqualTo(52_997);
    assertThat(all.rows())
        .filteredOn(row -> row.startsWith("1/KFSD 2018-03-16T22:10:00Z"))
        .singleElement()
        .satisfies(row -> assertThat(row).contains(" RELH=86.37 WTHR=200241.00 "));
  }

  @Test
  void a_real_file_is_read_like_the_oracle_does() {
    byte[] file = RealFiles.unzip(RealFiles.read(RealFiles.MESOWEST));

    assertThat(Collected.of(file).rows()).isEqualTo(MesoWestOracle.rows(file));
  }

  @Test
  void invented_files_are_read_like_the_oracle_does() {
    for (long seed = 1; seed <= 3; seed++) {
      var plan = new MesoWestGenerator.Plan(seed, 500, 40, new Day(17_606), 0);
      MesoWestGenerator.File file = new MesoWestGenerator(plan).nextDay();
      Collected all = Collected.of(file.bytes());

      assertThat(all.rejects).as("seed %d", seed).isEmpty();
      assertThat(all.rowCount()).as("seed %d", seed).isEqualTo(file.rows());
      assertThat(all.rows()).as("seed %d", seed).isEqualTo(MesoWestOracle.rows(file.bytes()));
    }
  }

  @Test
  void pieces_of_any_size_give_the_same() {
    var plan = new MesoWestGenerator.Plan(5, 60, 9, new Day(17_606), 0);
    byte[] file = new MesoWestGenerator(plan).nextHour().bytes();
    List<String> whole = Collected.of(file).rows();
    for (long seed = 1; seed <= 40; seed++) {
      var random = new Random(seed);
      int largest = 1 << random.nextInt(17);
      var options = new ReaderOptions(1 + random.nextInt(200), "default");
      Collected all =
          Collected.of(
              options,
              reader -> {
                for (int at = 0; at < file.length; ) {
                  int len = Math.min(file.length - at, 1 + random.nextInt(largest));
                  byte[] piece = Arrays.copyOfRange(file, at, at + len);
                  reader.feed(piece, 0, len);
                  Arrays.fill(piece, (byte) '#');
                  at += len;
                }
              });
      assertThat(all.rows()).as("seed %d", seed).isEqualTo(whole);
      assertThat(all.batches)
          .as("seed %d", seed)
          .allMatch(batch -> batch.rows() <= options.batchRowsMax());
    }
  }

  @Test
  void the_parm_line_decides_the_columns() {
    Collected all =
        Collected.of(
            " PARM = TMPF;MNET;RELH\n\n\n    STN  YYMMDD/HHMM   TMPF\n"
                + "   KSLC  20180316/2210     35.60     8.00    86.37\r\n");

    assertThat(all.rows()).containsExactly("8/KSLC 2018-03-16T22:10:00Z TMPF=35.60 RELH=86.37");
  }

  @Test
  void values_keep_their_digits_and_minus_9999_in_any_spelling_is_missing() {
    Collected all =
        Collected.of(
            HEAD
                + record(
                    "KSLC", "20180316/2210", "8.00", "40.7", "-111", "1288.000", "-9999", "-9999.0")
                + record(
                    "13009", "18000101/0000", "8.50", "-0.00", "655.35", "12345678", "123456.78"));

    assertThat(all.rows().get(0))
        .startsWith(
            "8/KSLC 2018-03-16T22:10:00Z SLAT=40.7 SLON=-111 SELV=1288.000 TMPF=missing"
                + " SKNT=missing");
    assertThat(all.rows().get(1))
        .startsWith(
            "8.5/13009 1800-01-01T00:00:00Z SLAT=-0.00 SLON=655.35 SELV=12345678 TMPF=123456.78");
  }

  @Test
  void a_row_without_network_belongs_to_the_default_network() {
    String file = HEAD + record("KSLC", "20180316/2210", "-9999.00");
    byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
    Collected all =
        Collected.of(
            ReaderOptions.DEFAULTS.withDefaultNetwork("x"),
            reader -> reader.feed(bytes, 0, bytes.length));

    assertThat(all.rows().get(0)).startsWith("x/KSLC ");
  }

  @Test
  void a_bad_station_first_in_a_batch_leaves_the_rows_behind_it_their_own() {
    String file =
        HEAD
            + record("A", "20180316/2210", "8.00")
            + record("B", "20180316/2210", "8.00")
            + record("C", "20180316/2210", "NWS")
            + record("B", "20180316/2215", "8.00")
            + record("A", "20180316/2215", "8.00");
    for (int rows = 1; rows <= 5; rows++) {
      byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
      Collected read =
          Collected.of(
              new ReaderOptions(rows, "default"), reader -> reader.feed(bytes, 0, bytes.length));
      assertThat(read.batches.stream().flatMap(MesoWestReaderTest::stations))
          .as("batches of %d", rows)
          .containsExactly("A", "B", "B", "A");
    }
  }

  private static Stream<String> stations(ObservationBatch batch) {
    return IntStream.range(0, batch.rows()).mapToObj(row -> batch.stationAt(row).station());
  }

  @Test
  void bad_rows_are_rejected_with_line_and_reason_and_good_ones_stay() {
    Collected all =
        Collected.of(
            HEAD
                + record("A", "20180316/2210", "8.00")
                + record("B", "20180230/2210", "8.00")
                + record("C", "\0\0\0\0\0\0\0\0/2145", "8.00")
                + record("C", "970316/2145", "8.00")
                + record("D", "22000101/0000", "8.00")
                + record("E", "20180316/2210", "8.00", "NaN")
                + record("F", "20180316/2210", "8.00", "1", "inf")
                + record("G", "20180316/2210", "8.00", "1", "1-2.00")
                + record("", "20180316/2210", "8.00")
                + record("H I", "20180316/2210", "8.00")
                + record("J", "20180316/2210", "NWS")
                + record("K", "20180316/2210", "8.00").substring(0, 60)
                + "\n"
                + record("L", "20180316/2210", "8.00"));

    assertThat(all.rowCount()).isEqualTo(2);
    assertThat(all.rejects)
        .extracting(Reject::line)
        .containsExactly(6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L);
    assertThat(all.reasons())
        .containsExactly(
            "time '20180230/2210' is not a date yyyyMMdd/HHmm",
            "time '????????/2145' is not a date yyyyMMdd/HHmm",
            "time '970316/2145' has a two-digit year; yyyyMMdd/HHmm expected",
            "time '22000101/0000' is not within 1800 to 2199",
            "SLAT 'NaN' is not a number",
            "SLON 'inf' is not a number",
            "SLON '1-2.00' is not a number",
            "station id is empty",
            "station id 'H I' has a space or control character",
            "MNET 'NWS' is not a number",
            "record has 59 characters, expected 149");
    assertThat(all.rejects.get(0).string()).startsWith("      B  20180230/2210");
  }

  @Test
  void a_line_without_end_is_one_reject_and_memory_stays_small() {
    byte[] piece = new byte[64 * 1024];
    Arrays.fill(piece, (byte) 'x');
    byte[] head = (HEAD + record("A", "20180316/2210", "8.00")).getBytes(StandardCharsets.UTF_8);
    byte[] tail = ("\n" + record("B", "20180316/2210", "8.00")).getBytes(StandardCharsets.UTF_8);
    Collected all =
        Collected.of(
            ReaderOptions.DEFAULTS,
            reader -> {
              reader.feed(head, 0, head.length);
              for (int i = 0; i < 2000; i++) {
                reader.feed(piece, 0, piece.length);
              }
              reader.feed(tail, 0, tail.length);
            });

    assertThat(all.rowCount()).isEqualTo(2);
    assertThat(all.reasons()).containsExactly("line is longer than 65536 bytes");
    assertThat(all.rejects.get(0).line()).isEqualTo(6);
    assertThat(all.rejects.get(0).text()).hasSize(Reject.TEXT_BYTES_MAX);
  }

  @Test
  void stations_are_distinct_in_the_dictionary_of_a_batch() {
    Collected all =
        Collected.of(
            HEAD
                + record("A", "20180316/2210", "8.00")
                + record("A", "20180316/2215", "8.0")
                + record("A", "20180316/2215", "9.00")
                + record("A", "20180316/2220", "8"));

    assertThat(all.batches.get(0).stations()).hasSize(2);
    assertThat(all.batches.get(0).station()).startsWith(0, 0, 1, 0);
    List<Column> columns = all.batches.get(0).columns().stream().map(v -> v.column()).toList();
    assertThat(columns).isEqualTo(VariableDictionary.mesowest());
  }
}
