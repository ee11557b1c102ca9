package org.mesohub.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DayFilterTest {
  private static final int DAY = 17_606;

  @Test
  void what_was_added_may_be_there_always() {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      int keys = 1 + random.nextInt(3_000);
      DayFilter filter = DayFilter.empty(keys);
      var added = new int[keys];
      for (int i = 0; i < keys; i++) {
        added[i] = random.nextInt();
        filter.add(added[i], "n" + i % 150);
      }
      DayFilter sent = DayFilter.of(filter.bits(), filter.hashes(), filter.words());
      for (int i = 0; i < keys; i++) {
        assertThat(filter.mayHold(added[i], "n" + i % 150)).as("seed %d", seed).isTrue();
        assertThat(sent.mayHold(added[i], "n" + i % 150)).as("seed %d, sent", seed).isTrue();
      }
      assertThat(sent.fill()).as("seed %d", seed).isEqualTo(filter.fill());
    }
  }

  @Test
  void a_full_filter_is_half_set_and_wrong_for_one_key_in_a_hundred() {
    int years = 3_653;
    int networks = 150;
    DayFilter filter = DayFilter.empty(years * networks);
    for (int day = 0; day < years; day++) {
      for (int network = 0; network < networks; network++) {
        filter.add(day, Integer.toString(network));
      }
    }
    assertThat(filter.fill()).isBetween(0.48, 0.52);
    int wrong = 0;
    int asked = 200_000;
    for (int i = 0; i < asked; i++) {
      wrong += filter.mayHold(years + i % 5_000, Integer.toString(i / 5_000)) ? 1 : 0;
    }
    assertThat(wrong / (double) asked).isBetween(0.005, 0.015);
  }

  @Test
  void a_day_of_one_network_is_not_that_of_another_nor_the_day_alone() {
    DayFilter filter = DayFilter.empty(1_000);
    filter.add(DAY, "8");
    assertThat(filter.mayHold(DAY, "8")).isTrue();
    assertThat(filter.mayHold(DAY, "9")).isFalse();
    assertThat(filter.mayHold(DAY + 1, "8")).isFalse();
    assertThat(filter.mayHold(DAY)).isFalse();
    filter.add(DAY);
    assertThat(filter.mayHold(DAY)).isTrue();
  }

  /** Bits on the wire must not change with a release: other clusters read them. */
  @Test
  void the_bits_are_those_of_every_release() {
    DayFilter filter = DayFilter.empty(10);
    filter.add(DAY, "8");
    filter.add(-1);
    assertThat(filter.bits()).isEqualTo(96);
    assertThat(filter.hashes()).isEqualTo(7);
    assertThat(HexFormat.of().formatHex(filter.words())).isEqualTo("4a004100240010009a0004");
  }

  @Test
  void what_does_not_fit_together_is_refused() {
    assertThatThrownBy(() -> DayFilter.of(8, 3, new byte[] {0, 1}))
        .hasMessage("bit 8 is set in a filter of 8 bits");
    assertThatThrownBy(() -> DayFilter.of(0, 3, new byte[0])).hasMessageContaining("0 bits");
    assertThatThrownBy(() -> DayFilter.of(64, 0, new byte[0])).hasMessageContaining("0 hashes");
    assertThatThrownBy(() -> DayFilter.of(1 << 30, 3, new byte[0]))
        .hasMessageContaining("expected");
    assertThatThrownBy(() -> DayFilter.empty(0)).hasMessageContaining("at least one key");
  }

  @Test
  void a_filter_with_most_bits_set_is_saturated() {
    assertThat(DayFilter.of(64, 1, new byte[] {-1, -1, -1, -1, -1}).isSaturated()).isFalse();
    assertThat(DayFilter.of(64, 1, new byte[] {-1, -1, -1, -1, -1, 3}).isSaturated()).isTrue();
  }
}
