package org.mesohub.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StationWordsTest {
  @Test
  void findsWhatAMapFindsUntilItForgetsEverything() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var words = new StationWords();
      Map<List<Long>, Integer> expected = new HashMap<>();
      int range = 1 + random.nextInt(300);
      for (int step = 0; step < 3_000; step++) {
        long station = (long) random.nextInt(range) << 56;
        long network = random.nextInt(range);
        List<Long> pair = List.of(station, network);
        assertThat(words.find(station, network))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(expected.getOrDefault(pair, StationWords.NONE));
        if (expected.putIfAbsent(pair, step) == null) {
          words.add(station, network, step);
        }
        if (random.nextInt(1_000) == 0) {
          words.clear();
          expected.clear();
        }
      }
    }
  }

  @Test
  void holdsAsManyPairsAsABatchHasRowsAndThenStartsAnew() {
    var words = new StationWords();
    int most = 1 << 16;
    for (int i = 0; i < most; i++) {
      words.add(i, -i, i);
    }
    for (int i = 0; i < most; i++) {
      assertThat(words.find(i, -i)).isEqualTo(i);
    }
    words.add(most, -most, most);
    assertThat(words.find(most, -most)).isEqualTo(most);
    assertThat(words.find(0, 0)).isEqualTo(StationWords.NONE);
  }
}
