package org.mesohub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchMixTest {
  @Test
  void get_stands_for_three_shapes() {
    assertThat(BenchMix.parse("put=10,get=90"))
        .hasToString("put 10%, station 72%, hour 9%, range 9%");
    assertThat(BenchMix.parse("put=1").reads()).isFalse();
  }

  @Test
  void picks_follow_the_weights() {
    BenchMix mix = BenchMix.parse("put=1,latest=3,hour=0");
    var random = new Random(7);
    var seen = new EnumMap<BenchMix.Op, Integer>(BenchMix.Op.class);
    for (int i = 0; i < 40_000; i++) {
      seen.merge(mix.pick(random), 1, Integer::sum);
    }
    assertThat(seen).containsOnlyKeys(BenchMix.Op.put, BenchMix.Op.latest);
    assertThat(seen.get(BenchMix.Op.put)).isBetween(9_500, 10_500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "put", "put=x", "fly=1", "put=0", "put=-1", "put=1,,get=2"})
  void anything_else_is_wrong_usage(String text) {
    assertThatThrownBy(() -> BenchMix.parse(text))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("put=10,get=90");
  }
}
