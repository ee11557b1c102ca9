package org.mesohub.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mesohub.observation.CellState;

class ComparisonTest {
  /** Against BigDecimal, at the borders of 18 digits too. */
  @Test
  void comparesDecimalsExactly() {
    for (long seed = 0; seed < 4_000; seed++) {
      var random = new Random(seed);
      BigDecimal constant = BigDecimal.valueOf(number(random), random.nextInt(22) - 3);
      long unscaled = number(random);
      int scale = random.nextInt(19);
      if (random.nextBoolean()) {
        unscaled =
            constant.movePointRight(scale).toBigInteger().longValue() + random.nextInt(3) - 1;
        unscaled = Math.floorMod(unscaled, 1_000_000_000_000_000_000L);
      }
      int order = BigDecimal.valueOf(unscaled, scale).compareTo(constant);
      for (Condition.Op op : Condition.Op.values()) {
        boolean expected =
            switch (op) {
              case EQ, IN -> order == 0;
              case NE -> order != 0;
              case LT -> order < 0;
              case LE -> order <= 0;
              case GT -> order > 0;
              case GE -> order >= 0;
            };
        var comparison = new Comparison(op, List.of(constant));
        String what = "seed " + seed + ": " + unscaled + "e-" + scale + " " + op + " " + constant;
        assertThat(comparison.test(unscaled, scale)).as(what).isEqualTo(expected);
        if (unscaled == 0) {
          int negative = scale + CellState.NEGATIVE_ZERO;
          assertThat(comparison.test(0, negative)).as(what).isEqualTo(expected);
        }
        double value = BigDecimal.valueOf(unscaled, scale).doubleValue();
        if (expected) {
          assertThat(comparison.mayMatch(value, value)).as(what).isTrue();
        }
      }
    }
  }

  private static long number(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(200) - 100;
      case 4 -> 0;
      case 1 -> 999_999_999_999_999_999L;
      case 2 -> -999_999_999_999_999_999L;
      default -> random.nextLong() % 1_000_000_000_000_000_000L;
    };
  }

  @Test
  void readsNumbersOfReasonableSizeOnly() {
    for (String good : List.of("80", "-40.50", "+.5", "3.", "1e-3", "1E+20")) {
      assertThat(Comparison.parse(good)).as(good).isEqualByComparingTo(new BigDecimal(good));
    }
    for (String bad :
        List.of("", "-", ".", "1e", "1e999999999", "0x10", "NaN", "1,5", "1".repeat(65))) {
      assertThat(Comparison.parse(bad)).as(bad).isNull();
    }
  }
}
