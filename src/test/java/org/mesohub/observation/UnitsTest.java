package org.mesohub.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitsTest {
  private static String convert(String value, String from, String to) {
    var big = new BigDecimal(value);
    return Units.convert(new Decimal(big.unscaledValue().longValueExact(), big.scale()), from, to)
        .toString();
  }

  @Test
  void known_values_come_out_exactly() {
    assertThat(convert("32", "[degF]", "Cel")).isEqualTo("0.00");
    assertThat(convert("35.60", "[degF]", "Cel")).isEqualTo("2.0000");
    assertThat(convert("35.60", "F", "K")).isEqualTo("275.1500");
    assertThat(convert("-40", "Cel", "[degF]")).isEqualTo("-40.00");
    assertThat(convert("10", "kts", "m/s")).isEqualTo("5.14");
    assertThat(convert("1.000", "mph", "km/h")).isEqualTo("1.60934");
    assertThat(convert("29.92", "inHg", "mbar")).isEqualTo("1013.2075");
    assertThat(convert("1", "[mi_i]", "m")).isEqualTo("1609.34");
    assertThat(convert("1.00", "in", "mm")).isEqualTo("25.4000");
    assertThat(convert("50", "%", "1")).isEqualTo("0.50");
    assertThat(convert("1013.2", "hPa", "mb")).isEqualTo("1013.2");
  }

  @Test
  void rounding_is_half_to_even() {
    assertThat(convert("0.5", "%", "1")).isEqualTo("0.005");
    assertThat(convert("0.25", "cm", "m")).isEqualTo("0.0025");
    assertThat(convert("125", "mm", "km")).isEqualTo("0.00");
    assertThat(convert("5000", "mm", "km")).isEqualTo("0.00");
    assertThat(convert("15000", "mm", "km")).isEqualTo("0.02");
  }

  @Test
  void the_same_unit_keeps_every_digit() {
    assertThat(convert("35.600", "[degF]", "F")).isEqualTo("35.600");
    assertThat(convert("1.0", "x", "x")).isEqualTo("1.0");
    assertThat(Units.conversion("mbar", "hPa").isIdentity()).isTrue();
  }

  @Test
  void conversions_agree_with_big_decimal_arithmetic() {
    for (long seed = 1; seed <= 3000; seed++) {
      var random = new Random(seed);
      int scale = random.nextInt(6);
      var f = BigDecimal.valueOf(random.nextInt(4_000_000) - 2_000_000, scale);
      BigDecimal kelvin =
          f.add(new BigDecimal("459.67"))
              .multiply(BigDecimal.valueOf(5))
              .divide(BigDecimal.valueOf(9), scale + 2, RoundingMode.HALF_EVEN);
      assertThat(convert(f.toPlainString(), "[degF]", "K"))
          .as("seed %d", seed)
          .isEqualTo(kelvin.toPlainString());
      BigDecimal knots =
          f.multiply(BigDecimal.valueOf(3600))
              .divide(BigDecimal.valueOf(1852), scale + 2, RoundingMode.HALF_EVEN);
      assertThat(convert(f.toPlainString(), "m/s", "[kn_i]"))
          .as("seed %d", seed)
          .isEqualTo(knots.toPlainString());
      double exact =
          f.multiply(BigDecimal.valueOf(3600))
              .divide(BigDecimal.valueOf(1852), MathContext.DECIMAL64)
              .doubleValue();
      assertThat(Units.convert(f.doubleValue(), "m/s", "[kn_i]"))
          .isCloseTo(exact, org.assertj.core.data.Offset.offset(Math.abs(exact) * 1e-15));
    }
  }

  @Test
  void digits_that_do_not_fit_are_dropped_from_the_end() {
    var wide = new Decimal(999_999_999_999_999_999L, 3);
    assertThat(Units.convert(wide, "m", "mm").toString()).isEqualTo("999999999999999999");
    assertThatThrownBy(() -> Units.convert(wide, "km", "mm"))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void unknown_units_and_other_quantities_are_refused_with_a_hint() {
    assertThatThrownBy(() -> Units.conversion("furlong", "m"))
        .hasMessageContaining("furlong")
        .hasMessageContaining("UCUM");
    assertThatThrownBy(() -> Units.conversion("Cel", "m")).hasMessageContaining("temperature");
    assertThat(Units.convertible("Cel", "m")).isFalse();
    assertThat(Units.code("inHg")).contains("[in_i'Hg]");
    assertThat(Units.code("degF")).contains("[degF]");
  }
}
