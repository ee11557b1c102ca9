package org.mesohub.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void grantsInOrderWhatFits() {
    Budget budget = new Budget(10);
    List<String> granted = new ArrayList<>();
    Budget.Share first = budget.take(6, share -> granted.add("first"));
    budget.take(5, share -> granted.add("second"));
    budget.take(1, share -> granted.add("third, which would fit"));
    assertThat(granted).containsExactly("first");
    first.release();
    assertThat(granted).containsExactly("first", "second", "third, which would fit");
    assertThat(budget.free()).isEqualTo(4);
  }

  @Test
  void whoeverNoLongerWaitsIsNotGranted() {
    Budget budget = new Budget(10);
    List<String> granted = new ArrayList<>();
    Budget.Share first = budget.take(10, share -> granted.add("first"));
    Budget.Share second = budget.take(10, share -> granted.add("second"));
    budget.take(10, share -> granted.add("third"));
    assertThat(second.withdraw()).isTrue();
    assertThat(second.withdraw()).isFalse();
    assertThat(first.withdraw()).isFalse();
    first.release();
    assertThat(granted).containsExactly("first", "third");
  }

  @Test
  void neverGrantsMoreThanThereIs() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Budget budget = new Budget(100);
      List<Budget.Share> held = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        budget.take(1 + random.nextInt(100), held::add);
        assertThat(budget.free()).as("seed %d", seed).isBetween(0L, 100L);
        if (!held.isEmpty() && random.nextInt(3) > 0) {
          held.remove(random.nextInt(held.size())).release();
        }
      }
      while (!held.isEmpty()) {
        held.remove(0).release();
      }
      assertThat(budget.free()).as("seed %d", seed).isEqualTo(100);
    }
  }
}
