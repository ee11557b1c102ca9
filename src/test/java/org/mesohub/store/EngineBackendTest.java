package org.mesohub.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands amid which the store is written to, emptied and compacted. */
class EngineBackendTest {
  private static final int DOCUMENTS = 300;

  /** More than the versions that the store keeps by itself. */
  private static final int COMMITS = 12;

  @TempDir Path folder;
  private MVStore store;
  private EngineFixture engine;

  @BeforeEach
  void open() {
    store =
        new MVStore.Builder()
            .fileName(folder.resolve("store.mv").toString())
            .cacheSize(0)
            .autoCommitDisabled()
            .open();
    store.setRetentionTime(0);
    engine = new EngineFixture(store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_scan_reads_on_while_what_it_reads_is_removed_and_compacted_away() {
    for (long seed = 0; seed < 8; seed++) {
      var random = new Random(seed);
      insert(random);
      Set<String> kept = new TreeSet<>();
      List<String> removed = new ArrayList<>();
      IntStream.range(0, DOCUMENTS)
          .mapToObj(EngineBackendTest::id)
          .forEach(id -> (random.nextInt(4) == 0 ? kept : removed).add(id));
      int moment = random.nextInt(DOCUMENTS);
      // Every document that the scan meets is compared with these values.
      var values = new Values(moment, () -> removeAndCompact(removed));

      Document answer =
          engine.command(
              "find",
              new Document("filter", new Document("g", new Document("$in", values)))
                  .append("projection", new Document("_id", 1)));

      assertThat(answer).as("seed %d", seed).containsEntry("ok", 1.0);
      assertThat(values.compared).as("seed %d", seed).isGreaterThan(moment);
      assertThat(EngineFixture.ids(answer)).as("seed %d", seed).containsAll(kept);
      assertThat(engine.ids()).as("seed %d", seed).isEqualTo(kept);
      engine.delete(List.copyOf(kept));
    }
  }

  @Test
  void an_id_that_outlived_its_document_is_free_and_removes_no_other() {
    engine.insert(List.of(document("lost"), document("other")));
    MVMap<Long, Document> documents = store.openMap("data.mesohub.chunks");
    MVMap<Object, Object> index = store.openMap("index.mesohub.chunks._id_");
    documents.remove((Long) index.get("lost"));
    index.put("ghost", index.get("other"));

    engine.delete(List.of("ghost"));
    assertThat(engine.ids()).containsExactly("other");
    index.put("ghost", index.get("other"));
    engine.insert(List.of(document("lost"), document("ghost"), document("other")));

    assertThat(engine.ids()).containsExactly("ghost", "lost", "other");
    for (String id : List.of("ghost", "lost", "other")) {
      var which = new Document("filter", new Document("_id", id));
      assertThat(EngineFixture.ids(engine.command("find", which))).containsExactly(id);
    }
  }

  private static Document document(String id) {
    return new Document("_id", id).append("b", new BinData(id.getBytes(UTF_8)));
  }

  private void insert(Random random) {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] bytes = new byte[random.nextInt(3) == 0 ? 20_000 : 300];
      random.nextBytes(bytes);
      documents.add(new Document("_id", id(i)).append("g", 1L).append("b", new BinData(bytes)));
    }
    engine.insert(documents);
    store.commit();
  }

  private void removeAndCompact(List<String> ids) {
    engine.delete(ids);
    MVMap<String, Long> marks = store.openMap("marks");
    for (int i = 0; i < COMMITS; i++) {
      marks.merge("mark", 1L, Long::sum);
      store.commit();
      store.compact(95, 1 << 20);
    }
  }

  private static String id(int number) {
    return "%08x".formatted(number * 0x9E3779B1);
  }

  /** The value 1, and something that happens when it is compared for the n-th time. */
  private static final class Values extends java.util.AbstractCollection<Object> {
    private final int moment;
    private final Runnable happening;
    private int compared;

    Values(int moment, Runnable happening) {
      this.moment = moment;
      this.happening = happening;
    }

    @Override
    public Iterator<Object> iterator() {
      if (compared++ == moment) {
        happening.run();
      }
      return List.<Object>of(1L).iterator();
    }

    @Override
    public int size() {
      return 1;
    }
  }
}
