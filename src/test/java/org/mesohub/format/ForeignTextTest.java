package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTextTest {
  private static final String ROW =
      "HCOT1,2012-02-01 19:00:00,8,38.30,-111.55,1705.0,-9999.0,35.6,None,None,None,None,None,None,None,None";

  @Test
  void rows_of_the_contract_stay_as_they_are() {
    assertThat(ForeignText.rows(ROW + "\n" + ROW + "\n")).isEqualTo(ROW + "\n" + ROW + "\n");
    assertThat(ForeignText.rows(ROW)).as("a row without its line end").isEqualTo(ROW + "\n");
  }

  @Test
  void blanks_and_one_comma_too_many_go() {
    String foreign = ROW.replace(",", ", ") + ",\r\n" + ROW + ", \n\n";
    assertThat(ForeignText.rows(foreign)).isEqualTo(ROW + "\n" + ROW + "\n");
  }

  @Test
  void fields_that_are_empty_at_the_end_stay() {
    String row = ROW.replace("None,None,None,None", ",,,").replace(",None", ",");
    assertThat(ForeignText.rows(row + "\n")).isEqualTo(row + "\n");
    assertThat(row.split(",", -1)).hasSize(16);
  }

  @Test
  void words_for_nothing_are_known_and_quotes_are_left_alone() {
    for (String nothing : new String[] {"", " \n", "No Result", "No data in any cluster!"}) {
      assertThat(ForeignText.isNothing(nothing)).as(nothing).isTrue();
    }
    assertThat(ForeignText.isNothing(ROW)).isFalse();
    String quoted = ROW.replace("HCOT1", "\"A, {B}\"");
    assertThat(ForeignText.rows(quoted)).isEqualTo(quoted + "\n");
  }

  @Test
  void what_looks_like_an_object_without_end_takes_no_time() {
    assertThat(ForeignText.rows("{" + "a".repeat(1 << 20) + "}")).isEmpty();
    assertThat(ForeignText.rows("{" + "{".repeat(1 << 20))).isEmpty();
  }

  @Test
  void objects_are_rows_whatever_their_order_and_quotes() {
    String first =
        "{\"STN\": \"HCOT1\", \"TIMESTAMP\": \"2012-02-01 19:00:00\", \"MNET\": \"8\","
            + " \"SLAT\":\"38.30\",\"SLON\":\"-111.55\",\"SELV\":\"1705.0\",\"SKNT\": 35.6,"
            + " 'TMPF':'-9999.0'}";
    assertThat(ForeignText.rows(first + "," + first + ",")).isEqualTo(ROW + "\n" + ROW + "\n");
  }

  @Test
  void records_of_raw_files_keep_their_columns() {
    String record = " KSLC  20180316/2200      1   40.77  -111.95   1288.00     50.00";
    assertThat(ForeignText.rows(record + "\n")).isEqualTo(record + "\n");
  }
}
