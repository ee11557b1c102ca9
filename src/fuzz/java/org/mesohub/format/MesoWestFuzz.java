package org.mesohub.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.observation.Day;

/** MesoWest's {@code .out}: fixed-width records below a heading. */
class MesoWestFuzz {
  static Stream<byte[]> seeds() {
    byte[] file =
        new MesoWestGenerator(new MesoWestGenerator.Plan(5, 4, 2, new Day(17_606), 0))
            .nextHour()
            .bytes();
    return Stream.of(file, Arrays.copyOf(file, file.length - 20));
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_bytes_are_rows_rejects_or_a_format_exception(byte[] input) {
    ReaderChecks.readsAlikeInPieces(input);
  }
}
