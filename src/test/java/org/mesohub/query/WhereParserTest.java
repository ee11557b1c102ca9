package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhereParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TMPF>80|TMPF|GT|80|",
        " TMPF >= -4.50 |TMPF|GE|-4.50|",
        "TMPF==80|TMPF|EQ|80|",
        "TMPF=80|TMPF|EQ|80|",
        "TMPF!=80|TMPF|NE|80|",
        "TMPF<80|TMPF|LT|80|",
        "TMPF<=+.5|TMPF|LE|+.5|",
        "air_temperature >= 26.7 Cel|air_temperature|GE|26.7|Cel",
        "air_temperature >= 26.7[Cel]|air_temperature|GE|26.7|Cel",
        "air_temperature >= 80[degF]|air_temperature|GE|80|[degF]",
        "TMPF > 80 F|TMPF|GT|80|F",
        "PMSL > 1.013e3 hPa|PMSL|GT|1.013e3|hPa",
        "wxcodes = RA SN|wxcodes|EQ|RA SN|",
        "wxcodes != \"RA\"|wxcodes|NE|RA|",
      })
  void readsComparisons(String text, String name, Condition.Op op, String value, String unit) {
    assertThat(WhereParser.parse(text))
        .isEqualTo(new Condition(name, op, List.of(value), unit == null ? "" : unit));
  }

  @Test
  void readsLists() {
    assertThat(WhereParser.parse("DRCT in (90, 180)"))
        .isEqualTo(new Condition("DRCT", Condition.Op.IN, List.of("90", "180"), ""));
    assertThat(WhereParser.parse("TMPF IN(20,21) Cel"))
        .isEqualTo(new Condition("TMPF", Condition.Op.IN, List.of("20", "21"), "Cel"));
    assertThat(WhereParser.parse("wxcodes in (RA, 'SN')"))
        .isEqualTo(new Condition("wxcodes", Condition.Op.IN, List.of("RA", "SN"), ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TMPF|condition 'TMPF': write NAME OPERATOR VALUE with one of = != < <= > >= in, as in TMPF>80",
        ">80|condition '>80': write NAME OPERATOR VALUE with one of = != < <= > >= in, as in TMPF>80",
        "TMPX>80|unknown variable 'TMPX'; the nearest known names are TMPF, PMSL, DWPF",
        "TMPF>|condition 'TMPF>': there is no value after >",
        "TMPF>warm|condition 'TMPF>warm': 'warm' is not a number with an optional unit, such as 26.7 or 26.7 Cel",
        "TMPF>8.0.1|condition 'TMPF>8.0.1': '8.0.1' is not a number with an optional unit, such as 26.7 or 26.7 Cel",
        "TMPF>80 parsec|condition 'TMPF>80 parsec': unknown unit 'parsec'; use a UCUM code such as Cel, [degF], m/s or mbar, or none",
        "DRCT in 90|condition 'DRCT in 90': write the values after 'in' in parentheses, as in DRCT in (90,180)",
        "DRCT in (90,)|condition 'DRCT in (90,)': a value of the list is empty",
        "DRCT in (90,N)|condition 'DRCT in (90,N)': 'N' is not a number with an optional unit, such as 26.7 or 26.7 Cel",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> WhereParser.parse(text))
        .isInstanceOf(InvalidQueryException.class)
        .hasMessage(message);
  }

  @Test
  void refusesTextsOfAnyLengthAtOnce() {
    assertThatThrownBy(() -> WhereParser.parse("TMPF>" + "9".repeat(5_000)))
        .hasMessage("condition of 5005 characters: at most 4096 are read");
  }
}
