package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeArgumentTest {
  private static final long NOW = micros("2018-03-16T22:27:20Z");

  @ParameterizedTest
  @CsvSource({
    "2018-03-16, 2018-03-16T00:00:00Z",
    "2018-03-16 22:15, 2018-03-16T22:15:00Z",
    "2018-03-16 22:15:30, 2018-03-16T22:15:30Z",
    "2018-03-16T22:15, 2018-03-16T22:15:00Z",
    "2018-03-16T22:15:00Z, 2018-03-16T22:15:00Z",
    "2018-03-16T22:15:00.25Z, 2018-03-16T22:15:00.25Z",
    "2018-03-16T15:15:00-07:00, 2018-03-16T22:15:00Z",
    "now, 2018-03-16T22:27:20Z",
    "now-6h, 2018-03-16T16:27:20Z",
    "now-90s, 2018-03-16T22:25:50Z",
    "now-15m, 2018-03-16T22:12:20Z",
    "now+1d, 2018-03-17T22:27:20Z",
    "now-2w, 2018-03-02T22:27:20Z",
    "2200-01-01, 2200-01-01T00:00:00Z",
  })
  void times_are_read_as_utc(String text, String expected) {
    assertThat(TimeArgument.parse("--from", text, NOW)).isEqualTo(micros(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2018-13-01",
        "2018-02-30",
        "16.03.2018",
        "now-6",
        "now-6y",
        "now -6h",
        "1799-12-31",
        "2200-01-02",
        "now-999999999w",
        "now-30500569w"
      })
  void anything_else_is_wrong_usage_with_examples(String text) {
    assertThatThrownBy(() -> TimeArgument.parse("--from", text, NOW))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--from '" + text + "'")
        .hasMessageContaining("now-6h");
  }

  private static long micros(String iso) {
    Instant instant = Instant.parse(iso);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
