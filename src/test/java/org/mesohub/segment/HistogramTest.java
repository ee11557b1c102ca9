package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Counting and dividing against maps and the division that Java has. */
class HistogramTest {
  private static final long[] DIVISORS = {1, 2, 3, 10, 256, 60_000_000L, 86_400_000_000L, 1L << 40};

  @Test
  void dividesMultiplesAndTellsThemFromOthers() {
    for (long seed = 0; seed < 5_000; seed++) {
      var random = new Random(seed);
      long divisor =
          random.nextBoolean()
              ? DIVISORS[random.nextInt(DIVISORS.length)]
              : 1 + (random.nextLong() >>> 1 + random.nextInt(62));
      var division = new ExactDivision(divisor);
      long quotient = (random.nextLong() >>> 1) / divisor >>> random.nextInt(40);
      assertThat(division.of(quotient * divisor)).as("seed %d", seed).isEqualTo(quotient);
      long number = random.nextBoolean() ? quotient * divisor : random.nextLong() >>> 1;
      assertThat(division.divides(number)).as("seed %d", seed).isEqualTo(number % divisor == 0);
    }
  }

  @Test
  void countsLikeAMapWhateverTheRange() {
    var scratch = new EncodeScratch();
    for (long seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      long[] numbers = numbers(random);
      int from = random.nextInt(numbers.length);
      int to = from + 1 + random.nextInt(numbers.length - from);
      var histogram = Histogram.of(numbers, from, to, scratch);

      var expected = new TreeMap<Long, Integer>();
      Arrays.stream(numbers, from, to).forEach(n -> expected.merge(n, 1, Integer::sum));
      var got = new TreeMap<Long, Integer>();
      for (int i = 0; i < histogram.quotients.length; i++) {
        got.put(histogram.min + histogram.gcd * histogram.quotients[i], histogram.counts[i]);
      }
      assertThat(got).as("seed %d", seed).isEqualTo(expected);
      assertThat(histogram.total).as("seed %d", seed).isEqualTo(to - from);
      long max = histogram.min + histogram.gcd * histogram.quotientMax;
      assertThat(max).as("seed %d", seed).isEqualTo(expected.lastKey());
      if (expected.size() > 1) {
        assertThat(commonDivisor(histogram.quotients)).as("seed %d", seed).isEqualTo(1);
      }
    }
  }

  private static long commonDivisor(long[] quotients) {
    var divisor = BigInteger.ZERO;
    for (long quotient : quotients) {
      divisor = divisor.gcd(BigInteger.valueOf(quotient));
    }
    return divisor.longValueExact();
  }

  private static long[] numbers(Random random) {
    var numbers = new long[1 + random.nextInt(3_000)];
    long step = DIVISORS[random.nextInt(DIVISORS.length)];
    int distinct = 1 + random.nextInt(random.nextBoolean() ? 20 : 100_000);
    long base = random.nextInt(2_000_000) - 1_000_000L;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = base + step * random.nextInt(distinct);
    }
    return numbers;
  }
}
