package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;

class EngineIndexTest {
  @Test
  void rangesAgreeWithASortedSet() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      try (MVStore store = MVStore.open(null)) {
        MVMap<Object, Object> map = store.openMap("m");
        TreeSet<String> oracle = new TreeSet<>();
        int count = random.nextInt(120);
        for (int i = 0; i < count; i++) {
          String value = "%02x".formatted(random.nextInt(200));
          oracle.add(value);
          map.put(value, (long) i);
        }
        map.put(5.0, 1L);
        map.put(new de.bwaldvogel.mongo.bson.ObjectId(), 2L);
        EngineIndex index = new EngineIndex(map, "_id_", List.of(new IndexKey("_id", true)));
        for (int i = 0; i < 20; i++) {
          Document bounds = new Document();
          String low = random.nextInt(4) == 0 ? "" : "%02x".formatted(random.nextInt(210));
          String high = "%02x".formatted(random.nextInt(210));
          boolean lowOpen = random.nextBoolean();
          boolean highOpen = random.nextBoolean();
          bounds.put(lowOpen ? "$gt" : "$gte", low);
          boolean bounded = random.nextBoolean();
          if (bounded) {
            bounds.put(highOpen ? "$lt" : "$lte", high);
          }
          List<String> expected =
              oracle.stream()
                  .filter(v -> lowOpen ? v.compareTo(low) > 0 : v.compareTo(low) >= 0)
                  .filter(
                      v -> !bounded || (highOpen ? v.compareTo(high) < 0 : v.compareTo(high) <= 0))
                  .toList();
          Document query = new Document("_id", bounds);
          assertThat(index.values(query, false).toList())
              .as("seed %d, %s", seed, query)
              .isEqualTo(expected);
          List<String> reversed = new ArrayList<>(expected);
          Collections.reverse(reversed);
          assertThat(index.values(query, true).toList())
              .as("descending, seed %d, %s", seed, query)
              .isEqualTo(reversed);
        }
      }
    }
  }
}
