package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void an_upload_shows_share_bytes_rates_time_left_and_files() {
    assertThat(Progress.upload(5 << 20, 10 << 20, 1_500_000, 2.5, 1, 3))
        .isEqualTo(
            "[############------------]  50%  5.0 MiB/10.0 MiB  2.0 MiB/s  600.0k rows/s  eta 3s  1/3 files");
  }

  @Test
  void nothing_is_divided_by_zero() {
    assertThat(Progress.upload(0, 0, 0, 0, 0, 1)).isEqualTo("0 B");
    assertThat(Progress.upload(0, 1_024, 0, 1, 0, 1))
        .isEqualTo("[------------------------]   0%  0 B/1.0 KiB  0 B/s");
    assertThat(Progress.download(0, 0)).isEqualTo("0 rows");
  }

  @Test
  void a_file_that_grew_does_not_pass_a_hundred_per_cent() {
    assertThat(Progress.upload(20, 10, 0, 1, 0, 1)).startsWith("[" + "#".repeat(24) + "] 100%");
  }

  @Test
  void a_download_shows_rows() {
    assertThat(Progress.download(1_234_567, 2)).isEqualTo("1,234,567 rows  617.3k rows/s");
  }

  @Test
  void numbers_change_unit_where_people_expect_it() {
    assertThat(Numbers.bytes(1_023)).isEqualTo("1023 B");
    assertThat(Numbers.bytes((1 << 20) - 1)).isEqualTo("1.0 MiB");
    assertThat(Numbers.duration(59)).isEqualTo("59s");
    assertThat(Numbers.duration(61)).isEqualTo("1m01s");
    assertThat(Numbers.duration(7_260)).isEqualTo("2h01m");
    assertThat(Numbers.duration(90_000)).isEqualTo("1d01h");
  }
}
