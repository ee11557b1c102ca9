package org.mesohub.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that is cut in the middle of any of its writes, while it compacts, and then opened and
 * closed in an orderly way: what was committed is there each time.
 */
class EngineCutTest {
  /** Batches at most; the cut comes earlier. */
  private static final int BATCHES_MAX = 1_000;

  /** Changes of the file among which the cut is: several compactions. */
  private static final int CHANGES_MAX = 400;

  private static final int OPENINGS = 3;

  @TempDir Path folders;

  @Test
  void nothing_committed_is_lost_by_a_cut_or_by_the_orderly_openings_after_it() {
    cut(0, 40);
  }

  @Test
  @Tag("slow")
  void nothing_committed_is_lost_by_any_of_many_cuts() {
    cut(1_000, 600);
  }

  private void cut(long firstSeed, int count) {
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      Path folder = folders.resolve(String.valueOf(seed));
      var world = new World(seed);
      EmbeddedMongo.open(folder, 0).close();
      world.writeUntilCut(folder.resolve("store.mv"));
      for (int opening = 1; opening <= OPENINGS; opening++) {
        try (EmbeddedMongo mongo = EmbeddedMongo.open(folder, 0)) {
          var engine = new EngineFixture(mongo.store());
          Set<String> ids = engine.ids();
          String where = "seed %d, opening %d".formatted(seed, opening);
          assertThat(ids).as(where).containsAll(world.committed);
          assertThat(world.possible).as(where).containsAll(ids);
          world.commit(engine, mongo.store(), "o" + opening);
        }
      }
    }
  }

  private static final class World {
    private final Random random;

    /** Ids that must be there, and those that may be. */
    private final Set<String> committed = new TreeSet<>();

    private final Set<String> possible = new TreeSet<>();

    World(long seed) {
      random = new Random(seed);
    }

    void writeUntilCut(Path file) {
      String name = CutFilePath.of(file.toString(), 1 + random.nextInt(CHANGES_MAX));
      @SuppressWarnings("resource") // a process that is killed closes nothing
      MVStore store = new MVStore.Builder().fileName(name).cacheSize(1).autoCommitDisabled().open();
      try {
        store.setRetentionTime(0);
        var engine = new EngineFixture(store);
        for (int batch = 0; batch < BATCHES_MAX; batch++) {
          change(engine, store, batch);
          if (random.nextInt(3) == 0) {
            compact(store);
          }
        }
      } catch (MVStoreException expected) {
        assertThat(CutFilePath.isCut()).as("%s", expected).isTrue();
      } finally {
        store.closeImmediately();
      }
      assertThat(CutFilePath.isCut()).isTrue();
    }

    private void change(EngineFixture engine, MVStore store, int batch) {
      if (random.nextInt(3) == 0 && !committed.isEmpty()) {
        List<String> removed = committed.stream().filter(id -> random.nextInt(3) == 0).toList();
        committed.removeAll(removed);
        engine.delete(removed);
        store.commit();
        possible.removeAll(removed);
      } else {
        commit(engine, store, "b" + batch);
      }
    }

    void commit(EngineFixture engine, MVStore store, String prefix) {
      List<Document> documents = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(8); i++) {
        byte[] bytes = new byte[random.nextInt(3) == 0 ? random.nextInt(60_000) : 500];
        random.nextBytes(bytes);
        ids.add(prefix + "." + i);
        documents.add(new Document("_id", prefix + "." + i).append("b", new BinData(bytes)));
      }
      possible.addAll(ids);
      engine.insert(documents);
      store.commit();
      committed.addAll(ids);
    }

    private static void compact(MVStore store) {
      store.compact(90, 1 << 20);
      store.commit();
      ((RandomAccessStore) store.getFileStore()).compactMoveChunks(90, 1 << 20, store);
    }
  }
}
