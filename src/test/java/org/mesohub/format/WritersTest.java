package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.BatchBuilder;
import org.mesohub.observation.CellState;
import org.mesohub.observation.Column;
import org.mesohub.observation.Day;
import org.mesohub.observation.Decimal;
import org.mesohub.observation.ObservationBatch;
import org.mesohub.observation.StationKey;
import org.mesohub.observation.Timestamps;
import org.mesohub.observation.ValueKind;
import org.mesohub.observation.VariableDictionary;

class WritersTest {
  private static final long TIME = Timestamps.parse("2018-03-16T22:10:00Z");
  private static final Column TMPF = VariableDictionary.byLabel("TMPF").orElseThrow();
  private static final Column SELV = VariableDictionary.byLabel("SELV").orElseThrow();
  private static final Column FLOAT =
      new Column("air_temperature", "2", 1, 60, "K", ValueKind.FLOAT32);
  private static final Column TEXT =
      new Column("present_weather_text", "", 0, 0, "", ValueKind.TEXT);

  private static ObservationBatch batch(String network, String station, long time) {
    var builder = new BatchBuilder(4);
    int tmpf = builder.column(TMPF);
    int selv = builder.column(SELV);
    int f = builder.column(FLOAT);
    int text = builder.column(TEXT);
    int key = builder.station(new StationKey(network, station));
    builder.addRow(key, time);
    builder.decimal(tmpf, -3560, 2);
    builder.missing(selv);
    builder.float32(f, 271.15f);
    builder.text(text, "-RA \"x\", BR");
    builder.addRow(key, time + 1);
    builder.decimal(selv, 1288, 0);
    return builder.build();
  }

  private static String write(BatchWriter writer, ObservationBatch batch) {
    var out = new ByteBuilder(0);
    writer.head(out);
    writer.rows(batch, out);
    writer.tail(out);
    return out.toString();
  }

  @Test
  void a_real_file_is_written_back_byte_for_byte() {
    byte[] file = RealFiles.unzip(RealFiles.read(RealFiles.MESOWEST));
    Collected all = Collected.of(file);
    var out = new ByteBuilder(file.length);
    var writer = new MesoWestWriter();
    writer.head(out);
    all.batches.forEach(batch -> writer.rows(batch, out));

    assertThat(out.toString()).isEqualTo(new String(file, StandardCharsets.US_ASCII));
    assertThat(out.toString().split("-0[.]00", -1)).hasSize(5);
  }

  @Test
  void invented_files_are_written_back_byte_for_byte() {
    for (long seed = 1; seed <= 3; seed++) {
      var plan = new MesoWestGenerator.Plan(seed, 400, 30, new Day(17_606), 0);
      byte[] file = new MesoWestGenerator(plan).nextDay().bytes();
      var out = new ByteBuilder(file.length);
      var writer = new MesoWestWriter();
      writer.head(out);
      Collected.of(file).batches.forEach(batch -> writer.rows(batch, out));

      assertThat(out.toString())
          .as("seed %d", seed)
          .isEqualTo(new String(file, StandardCharsets.US_ASCII));
    }
  }

  @Test
  void csv_and_contract_csv_are_read_back_as_they_were() {
    byte[] file =
        new MesoWestGenerator(new MesoWestGenerator.Plan(3, 300, 20, new Day(17_606), 0))
            .nextHour()
            .bytes();
    Collected all = Collected.of(file);
    ObservationBatch batch = all.batches.get(0);

    String contract = write(new ContractCsvWriter(), batch);
    assertThat(Collected.of(contract).rows()).isEqualTo(all.rows());
    assertThat(Collected.ofMessages(contract).rows()).isEqualTo(all.rows());
    String csv = write(new CsvWriter(VariableDictionary.mesowest()), batch);
    List<String> withoutMissing =
        all.rows().stream().map(row -> row.replaceAll(" [A-Z0-9]+=missing", "")).toList();
    assertThat(Collected.of(csv).rows()).isEqualTo(withoutMissing);
  }

  @Test
  void csv_quotes_what_needs_it_and_leaves_absent_and_missing_empty() {
    var columns = List.of(TMPF, SELV, FLOAT, TEXT);
    String csv = write(new CsvWriter(columns), batch("8", "A,\"B", TIME));

    assertThat(csv)
        .isEqualTo(
            "network,station,time,TMPF,SELV,air_temperature[K]@2#1/60s!float32,present_weather_text[]!text\n"
                + "8,\"A,\"\"B\",2018-03-16T22:10:00Z,-35.60,,271.15,\"-RA \"\"x\"\", BR\"\n"
                + "8,\"A,\"\"B\",2018-03-16T22:10:00.000001Z,,1288,,\n");
    assertThat(Collected.of(csv).rows())
        .containsExactly(
            "8/A,\"B 2018-03-16T22:10:00Z TMPF=-35.60 air_temperature[K]@2#1/60s!float32=271.15"
                + " present_weather_text[]!text=-RA \"x\", BR",
            "8/A,\"B 2018-03-16T22:10:00.000001Z SELV=1288");
  }

  @Test
  void json_has_null_for_missing_and_no_key_for_absent() {
    var columns = List.of(TMPF, SELV, FLOAT, TEXT);
    String first =
        "{\"network\":\"8\",\"station\":\"A\\\"\\\\\\u0001\",\"time\":\"2018-03-16T22:10:00Z\",\"TMPF\":-35.60,"
            + "\"SELV\":null,\"air_temperature[K]@2#1/60s!float32\":271.15,\"present_weather_text[]!text\":\"-RA"
            + " \\\"x\\\", BR\"}";
    String second =
        "{\"network\":\"8\",\"station\":\"A\\\"\\\\\\u0001\",\"time\":\"2018-03-16T22:10:00.000001Z\",\"SELV\":1288}";
    ObservationBatch batch = batch("8", "A\"\\\u0001", TIME);

    assertThat(write(new NdjsonWriter(columns), batch)).isEqualTo(first + "\n" + second + "\n");
    assertThat(write(new JsonWriter(columns), batch))
        .isEqualTo("[\n" + first + ",\n" + second + "\n]\n");
  }

  @Test
  void contract_forms_are_those_that_2018_clients_read() {
    ObservationBatch batch = batch("8", "KSLC", TIME);
    String none = ",None".repeat(9);

    assertThat(write(new ContractCsvWriter(), batch))
        .startsWith(
            "KSLC,2018-03-16 22:10:00,8.0,None,None,-9999.0,-35.60" + none + "\nKSLC,2018-");
    var out = new ByteBuilder(0);
    new ContractJsonWriter().rows(batch, out);
    assertThat(out.toString())
        .startsWith(
            "{\"STN\":\"KSLC\",\"TIMESTAMP\":\"2018-03-16"
                + " 22:10:00\",\"MNET\":\"8.0\",\"SLAT\":\"None\",\"SLON\":\"None\","
                + "\"SELV\":\"-9999.0\",\"TMPF\":\"-35.60\",")
        .contains("\"P24I\":\"None\"},{\"STN\":")
        .endsWith("\"}");
  }

  @Test
  void what_does_not_fit_fixed_width_is_an_error_that_says_what_to_do() {
    var builder = new BatchBuilder(4);
    int tmpf = builder.column(TMPF);
    builder.addRow(builder.station(new StationKey("8", "KSLC")), TIME);
    builder.decimal(tmpf, -1_234_567, 0);
    refused(builder.build(), "TMPF -1234567 does not fit");
    refused(batch("NWS", "KSLC", TIME), "network 'NWS' is no number");
    refused(batch("8", "KSLCKSLC", TIME), "station id 'KSLCKSLC'");
    refused(batch("8", "KSLC", TIME + 1_000_000), "whole minute");
  }

  private static void refused(ObservationBatch batch, String part) {
    assertThatThrownBy(() -> write(new MesoWestWriter(), batch))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(part)
        .hasMessageContaining("ask for CSV");
  }

  @Test
  void decimals_are_written_and_parsed_like_big_decimal_does() {
    byte[] out = new byte[64];
    var parser = new NumberText();
    for (long seed = 1; seed <= 20_000; seed++) {
      var random = new Random(seed);
      long unscaled = random.nextLong() % Decimal.pow10(1 + random.nextInt(18));
      int scale = random.nextInt(19);
      boolean negativeZero = random.nextInt(20) == 0;
      unscaled = negativeZero ? 0 : unscaled;
      int state = CellState.of(negativeZero, unscaled, scale);
      int end = DecimalText.write(out, 3, unscaled, state);
      String text = new String(out, 3, end - 3, StandardCharsets.US_ASCII);

      assertThat(text)
          .as("seed %d", seed)
          .isEqualTo(
              (negativeZero ? "-" : "") + BigDecimal.valueOf(unscaled, scale).toPlainString());
      assertThat(parser.parse(out, 3, end)).as("seed %d", seed).isEqualTo(state);
      assertThat(parser.unscaled).as("seed %d", seed).isEqualTo(unscaled);
    }
  }
}
