package org.mesohub.query;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.mesohub.observation.TimeRange;
import org.mesohub.observation.Variable;
import org.mesohub.observation.VariableDictionary;

/**
 * Conditions as people write them. Bytes that are no ASCII stand for words of the language: a
 * search by bits hardly ever finds the name of a variable by itself.
 */
class WhereFuzz {
  private static final List<String> WORDS =
      Stream.of(
              VariableDictionary.variables().stream().map(Variable::id),
              VariableDictionary.mesowest().stream().map(VariableDictionary::label),
              Stream.of("=", "==", "!=", "<", "<=", ">", ">=", " in ", " IN(", "(", ",", ")"),
              Stream.of("[degF]", "Cel", "K", "m/s", "mbar", "deg", "%", "mm", "[", "]", "'", "\""),
              Stream.of(
                  "80", "-1.5e-12", ".5", "-9999.00", "1e99", "+0", "000", "@2", "#1", "/60s"))
          .flatMap(words -> words)
          .toList();

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
      condition = WhereParser.parse(text(input));
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

  private static String text(byte[] input) {
    var text = new StringBuilder();
    for (byte b : input) {
      if (b >= 0) {
        text.append((char) b);
      } else {
        text.append(WORDS.get((b & 0x7f) % WORDS.size()));
      }
    }
    return text.toString();
  }
}
