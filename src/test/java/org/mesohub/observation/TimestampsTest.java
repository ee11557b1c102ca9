package org.mesohub.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampsTest {
  private static long micros(String instant) {
    Instant i = Instant.parse(instant);
    return i.getEpochSecond() * 1_000_000 + i.getNano() / 1000;
  }

  @Test
  void all_forms_of_an_instant_are_read() {
    long time = micros("2018-03-16T22:10:00Z");
    for (String text :
        List.of(
            "2018-03-16 22:10:00",
            "2018-03-16 22:10",
            "2018-03-16T22:10:00Z",
            "2018-03-16T22:10:00.0",
            "2018-03-16T22:10:00.000000000Z",
            "2018-03-16T16:10:00-06:00",
            "2018-03-17T00:10:00+0200",
            "2018-03-17T00:10+02",
            "20180316/2210")) {
      assertThat(Timestamps.parse(text)).as(text).isEqualTo(time);
    }
    assertThat(Timestamps.parse("2018-03-16 22:10:00.000123")).isEqualTo(time + 123);
    assertThat(Timestamps.parse("2018-03-16")).isEqualTo(micros("2018-03-16T00:00:00Z"));
  }

  @Test
  void what_is_no_instant_is_refused() {
    for (String text :
        List.of(
            "",
            "2018",
            "2018-02-30",
            "2019-02-29",
            "1900-02-29",
            "2018-13-01",
            "2018-00-01",
            "2018-01-00",
            "2018-03-16 24:00:00",
            "2018-03-16 22:60:00",
            "2018-03-16 22:10:60",
            "2018-03-16 22:10:0",
            "2018-03-16 22:10:00.",
            "2018-03-16 22:10:00.0000001",
            "2018-03-16 22:10:00 ",
            "2018-03-16 22",
            "2018-03-16T22:10:00+1",
            "2018-03-16T22:10:00+25:00",
            "2018-03-16T22:10:00ZZ",
            "2018-3-16",
            "20180230/2210",
            "20180316/2460",
            "20180316 2210",
            "180316/2210",
            "2018-03-1x 22:10:00",
            "x018-03-16")) {
      assertThat(Timestamps.parse(text)).as(text).isEqualTo(Timestamps.INVALID);
    }
  }

  @Test
  void every_day_of_the_accepted_range_agrees_with_java_time() {
    var iso = DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT);
    byte[] out = new byte[Timestamps.BYTES_MAX];
    for (long day = -62_091; day < 84_006; day++) {
      LocalDateTime date = LocalDateTime.ofEpochSecond(day * 86_400, 0, ZoneOffset.UTC);
      String text = iso.format(date);
      long time = day * Day.MICROS;
      assertThat(Timestamps.parse(text)).isEqualTo(time);
      assertThat(Timestamps.format(time)).isEqualTo(text + "T00:00:00Z");
      int end = Timestamps.writeMesoWest(out, 0, time);
      assertThat(new String(out, 0, end, StandardCharsets.US_ASCII))
          .isEqualTo(text.replace("-", "") + "/0000");
    }
  }

  @Test
  void random_instants_come_back_and_random_digits_agree_with_java_time() {
    var strict =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);
    for (long seed = 1; seed <= 5_000; seed++) {
      var random = new Random(seed);
      long range = TimeRange.TIME_END_MICROS - TimeRange.TIME_MIN_MICROS;
      long time = TimeRange.TIME_MIN_MICROS + Math.floorMod(random.nextLong(), range);
      assertThat(Timestamps.parse(Timestamps.format(time))).as("seed %d", seed).isEqualTo(time);
      assertThat(Timestamps.parse(Timestamps.formatPlain(time)))
          .as("seed %d", seed)
          .isEqualTo(time);
      String text =
          "%04d-%02d-%02d %02d:%02d:%02d"
              .formatted(
                  1890 + random.nextInt(120),
                  random.nextInt(14),
                  random.nextInt(33),
                  random.nextInt(26),
                  random.nextInt(62),
                  random.nextInt(62));
      long expected = Timestamps.INVALID;
      try {
        expected = LocalDateTime.parse(text, strict).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
      } catch (DateTimeParseException e) {
        // Stays refused.
      }
      assertThat(Timestamps.parse(text)).as("seed %d: %s", seed, text).isEqualTo(expected);
    }
  }
}
