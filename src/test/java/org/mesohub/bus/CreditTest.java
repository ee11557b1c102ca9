package org.mesohub.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CreditTest {
  @Test
  void neverMoreIsUnderWayThanTheWindowHoldsAndAllOfItComesBack() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Credit credit = new Credit(5, 1_000);
      ArrayDeque<Integer> underWay = new ArrayDeque<>();
      for (int i = 0; i < 500; i++) {
        if (random.nextBoolean()) {
          int size = random.nextInt(400);
          int bytes = underWay.stream().mapToInt(Integer::intValue).sum();
          boolean fits = underWay.size() < 5 && bytes + size <= 1_000;
          assertThat(credit.take(size)).as("seed %d step %d", seed, i).isEqualTo(fits);
          if (fits) {
            underWay.add(size);
          }
        } else if (!underWay.isEmpty()) {
          credit.giveBack(underWay.remove());
        }
        assertThat(credit.messages()).as("seed %d step %d", seed, i).isEqualTo(underWay.size());
      }
    }
  }

  @Test
  void whatWasNotTakenCannotBeGivenBack() {
    assertThatThrownBy(() -> new Credit(1, 1).giveBack(0))
        .isInstanceOf(IllegalStateException.class);
  }
}
