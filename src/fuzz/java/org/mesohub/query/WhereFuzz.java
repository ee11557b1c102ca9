package org.mesohub.query;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.VariableDictionary;

/** Conditions as people write them. */
class WhereFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "TMPF>80",
            "air_temperature >= 26.7 Cel",
            "DRCT in (90, 180) [deg]",
            "present_weather_text != 'RA'",
            "TMPF <= -1.5e-12 [[degF]]",
            "air_temperature[K]@2#1/60s!float32 = .5")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void any_text_is_a_condition_or_an_invalid_query(byte[] input) {
    Condition condition;
    try {
      condition = WhereParser.parse(new String(input, StandardCharsets.UTF_8));
    } catch (InvalidQueryException expected) {
      return;
    }
    if (condition.values().isEmpty()) {
      throw new AssertionError("a condition without a value: " + condition);
    }
    try {
      var selection = new Selection(TimeRange.ALL, List.of(), Set.of(), null, List.of(condition));
      Conditions.compile(selection, VariableDictionary.mesowest());
    } catch (InvalidQueryException expected) {
      // A unit that does not fit the column is found here.
    }
  }
}
