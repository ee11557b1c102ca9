package org.mesohub.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StationIdsTest {
  @Test
  void findsEveryPositionOfAnIdAndNoOther() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      // "Aa" and "BB" have the same hash, and so has whatever is made of them.
      var parts = List.of("Aa", "BB", "C", "é");
      var ids = new String[random.nextInt(60)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = word(parts, random);
      }
      String wanted = word(parts, random);
      var expected = new BitSet();
      var bytes = new ByteWriter(64);
      var end = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        byte[] id = ids[i].getBytes(StandardCharsets.UTF_8);
        bytes.raw(id, 0, id.length);
        end[i] = (i == 0 ? 0 : end[i - 1]) + id.length;
        expected.set(i, ids[i].equals(wanted));
      }
      var found = new BitSet();
      new StationIds(bytes.toByteArray(), end).mark(wanted.getBytes(StandardCharsets.UTF_8), found);
      assertThat(found).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static String word(List<String> parts, Random random) {
    var word = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      word.append(parts.get(random.nextInt(parts.size())));
    }
    return word.toString();
  }
}
