package org.mesohub.cli;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.Timestamps;

/** Times as typed and as they stand in files. */
class TimeFuzz {
  private static final long NOW = 1_521_238_200_000_000L;
  private static final Pattern RELATIVE = Pattern.compile("now([+-])([0-9]+)([smhdw])");
  private static final Map<String, Long> SECONDS =
      Map.of("s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L, "w", 604_800L);

  static Stream<byte[]> seeds() {
    return Stream.of(
            "2018-03-16",
            "2018-03-16 22:15",
            "2018-03-16T22:15:00.123456Z",
            "2018-02-29T00:00:00-0730",
            "20180316/2215",
            "now",
            "now-6h",
            "now+999999999w",
            "now-30500569w")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_text_is_an_instant_or_refused(byte[] input) {
    long plain = Timestamps.parse(input, 0, input.length);
    if (plain != Timestamps.INVALID && TimeRange.ALL.contains(plain)) {
      same(plain, Timestamps.parse(Timestamps.format(plain)));
      same(plain, Timestamps.parse(Timestamps.formatPlain(plain)));
    }
    String text = new String(input, StandardCharsets.UTF_8);
    long micros;
    try {
      micros = TimeArgument.parse("--from", text, NOW);
    } catch (CliException expected) {
      return;
    }
    if (micros < TimeRange.TIME_MIN_MICROS || micros > TimeRange.TIME_END_MICROS) {
      throw new AssertionError(text + " gives " + micros);
    }
    var relative = RELATIVE.matcher(text);
    if (relative.matches()) {
      BigInteger offset =
          new BigInteger(relative.group(1) + relative.group(2))
              .multiply(BigInteger.valueOf(SECONDS.get(relative.group(3)) * 1_000_000));
      same(BigInteger.valueOf(NOW).add(offset).longValueExact(), micros);
    }
  }

  private static void same(long expected, long given) {
    if (expected != given) {
      throw new AssertionError("expected " + expected + ", not " + given);
    }
  }
}
