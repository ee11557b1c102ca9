package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContractTextTest {
  private static final String ROW =
      "KSLC,2018-03-16 22:10:00,8.0,40.77,-111.95,1288.0,35.6,7.0,180.0,None,-9999.0,29.97,NULL,,1.0,0.01";
  private static final String READ =
      "8/KSLC 2018-03-16T22:10:00Z SLAT=40.77 SLON=-111.95 SELV=1288.0 TMPF=35.6 SKNT=7.0 DRCT=180.0"
          + " PMSL=missing ALTI=29.97 WTHR=1.0 P24I=0.01";

  @Test
  void csv_rows_keep_absent_and_missing_apart() {
    assertThat(Collected.ofMessages(ROW).rows()).containsExactly(READ);
  }

  @Test
  void messages_stand_alone_with_or_without_a_final_line_end() {
    Collected all = Collected.ofMessages(ROW, ROW + "\n", ROW + "\r\n" + ROW, "", "\n");

    assertThat(all.rows()).hasSize(4).containsOnly(READ);
    assertThat(all.batches).hasSize(1);
  }

  @Test
  void looser_senders_are_understood() {
    Collected all =
        Collected.ofMessages(
            ROW.replace(",", ", ") + ",\n" + ROW.replace("22:10:00", "22:10:00.0"),
            ROW.replace("2018-03-16 22:10:00", "20180316/2210"),
            "STN,TIMESTAMP,MNET,SLAT,SLON,SELV,TMPF,SKNT,DRCT,GUST,PMSL,ALTI,DWPF,RELH,WTHR,P24I\n"
                + ROW,
            "STN,yyyy-MM-dd HH:mm:ss,MNET,SLAT,SLON,SELV,TMPF,SKNT,DRCT,GUST,PMSL,ALTI,DWPF,RELH,WTHR,P24I\n"
                + ROW.replace("None", "\"None\""));

    assertThat(all.rejects).isEmpty();
    assertThat(all.rows()).hasSize(5).containsOnly(READ);
  }

  @Test
  void station_rows_of_11_and_16_columns_place_a_station_whose_id_may_contain_null() {
    Collected all =
        Collected.ofMessages(
            "NULL1,2018-03-16 22:10:00,NULL,40.1,-88.2,264.4,NULL,NULL,NULL,NULL,NULL\n"
                + "XNULL,2018-03-16 22:10:00,NULL,40.1,-88.2,264.4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL");

    assertThat(all.rows())
        .containsExactly(
            "default/NULL1 2018-03-16T22:10:00Z SLAT=40.1 SLON=-88.2 SELV=264.4",
            "default/XNULL 2018-03-16T22:10:00Z SLAT=40.1 SLON=-88.2 SELV=264.4");
  }

  @Test
  void raw_records_with_headings_are_read_among_csv_rows() {
    String record = MesoWestReaderTest.record("KFSD", "20180316/2210", "1.00", "43.58", "-96.75");
    Collected all =
        Collected.ofMessages(
            " PARM = MNET;SLAT;SLON;SELV;TMPF;SKNT;DRCT;GUST;PMSL;ALTI;DWPF;RELH;WTHR;P24I\n\n\n"
                + "    STN  YYMMDD/HHMM      MNET     SLAT\n"
                + record,
            record + ROW);

    assertThat(all.rejects).isEmpty();
    assertThat(all.rows()).hasSize(3);
    assertThat(all.rows().get(1)).startsWith("1/KFSD 2018-03-16T22:10:00Z SLAT=43.58 SLON=-96.75");
  }

  @Test
  void a_parm_heading_holds_to_the_end_of_its_message_only() {
    String record = MesoWestReaderTest.record("KFSD", "20180316/2210", "1.00", "43.58", "-96.75");
    Collected all =
        Collected.ofMessages(
            " PARM = MNET;TMPF\n   KFSD  20180316/2210      1.00    35.60\n", record,
            " PARM = MNET;FOOB\n   KFSD  20180316/2210      1.00    35.60\n", record);

    assertThat(all.rows().get(0)).isEqualTo("1/KFSD 2018-03-16T22:10:00Z TMPF=35.60");
    assertThat(all.rowCount()).isEqualTo(3);
    assertThat(all.reasons()).singleElement().asString().contains("FOOB");
  }

  @Test
  void bad_rows_never_sink_good_ones() {
    Collected all =
        Collected.ofMessages(
            ROW
                + "\nrubbish\na,b,c\n"
                + ROW.replace("35.6", "nan")
                + "\n"
                + ROW.replace("35.6", "-inf"),
            ROW.replace("35.6", "1234567890123456789"),
            ROW.replace("35.6", "0.1234567890123456789"),
            ROW.replace("03-16", "02-30"),
            ROW.replace("2018-", "1799-"),
            ROW.replace("KSLC", ""),
            ROW.replace("KSLC", "K".repeat(65)),
            ROW.replace("KSLC", "\"KSLC"),
            ROW.replace(",8.0,", ",nan,"),
            ROW);

    assertThat(all.rows()).containsExactly(READ, READ);
    assertThat(all.reasons())
        .containsExactly(
            "record has 7 characters, expected 149",
            "row has 3 fields, expected 16",
            "TMPF 'nan' is not a number",
            "TMPF '-inf' is not a number",
            "TMPF '1234567890123456789' has more than 18 digits",
            "TMPF '0.1234567890123456789' has more than 18 digits",
            "time '2018-02-30 22:10:00' is not a date yyyy-MM-dd HH:mm:ss",
            "time '1799-03-16 22:10:00' is not within 1800 to 2199",
            "station id is empty",
            "station id is longer than 64 bytes",
            "a double quote is not closed or stands inside a field",
            "MNET 'nan' is not a number");
  }

  @Test
  void exponents_are_read_digit_for_digit() {
    Collected all = Collected.ofMessages(ROW.replace("35.6", "1.50E-4").replace("1288.0", "1.2E3"));

    assertThat(all.rows().get(0)).contains(" SELV=1200 TMPF=0.000150 ");
  }
}
