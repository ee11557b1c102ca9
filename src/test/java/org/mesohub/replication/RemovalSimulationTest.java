package org.mesohub.replication;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;

/**
 * A leader that commits, condemns and collects chunks, and a member that stores them, whose
 * messages, catalogue and database lag and change places at random.
 *
 * <p>Invariant: a chunk that the member acknowledged to a commit is there for as long as the commit
 * names it.
 */
class RemovalSimulationTest {
  private static final int SEEDS = 3_000;
  private static final int STEPS = 400;
  private static final long STEP_NANOS = 1_000_000;

  @Test
  void noRemovalTakesWhatTheCatalogueNames() {
    int commits = 0;
    int removed = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed);
      for (int step = 0; step < STEPS; step++) {
        world.step();
        for (ChunkId id : world.named) {
          if (!world.database.generations.containsKey(id)) {
            throw new AssertionError(
                "seed " + seed + ", step " + step + ": a named chunk was removed");
          }
        }
      }
      commits += world.commits;
      removed += world.database.removed;
    }
    // Else it would have tested nothing.
    if (commits < 10 * SEEDS || removed < SEEDS) {
      throw new AssertionError(commits + " commits, " + removed + " removals");
    }
  }

  private static final class World {
    private final Random random;
    private final List<ChunkStore.Blob> blobs = ChunkCluster.blobs(7, 3, 10);

    /** What may happen next, in any order. */
    private final List<Runnable> events = new ArrayList<>();

    private final Set<ChunkId> named = new HashSet<>();
    private final Map<ChunkId, Integer> leases = new HashMap<>();
    private final Database database;
    private final LocalChunks member;

    /** States of the leader; the member has applied the first so many. */
    private final List<CatalogueState> log = new ArrayList<>();

    private int applied = 1;
    private long nanos;
    private int commits;

    World(int seed) {
      random = new Random(seed);
      log.add(CatalogueState.empty("utah"));
      database = new Database();
      member =
          new LocalChunks(
              (afterMs, action) -> events.add(action),
              () -> nanos,
              ChunkCluster.member(1, 1),
              database,
              () -> log.get(applied - 1),
              () -> Future.failedFuture("not asked"),
              new ReplicationLimits(3, 50, 50, 1, 40, 1, 4 << 20));
    }

    private CatalogueState leader() {
      return log.get(log.size() - 1);
    }

    void step() {
      nanos += STEP_NANOS;
      int choice = random.nextInt(12);
      ChunkStore.Blob blob = blobs.get(random.nextInt(blobs.size()));
      if (choice == 0) {
        put(blob);
      } else if (choice == 1) {
        named.remove(blob.id());
      } else if (choice == 2) {
        condemn(blob.id());
      } else if (choice == 3 && applied < log.size()) {
        applied++;
      } else if (!events.isEmpty()) {
        events.remove(random.nextInt(events.size())).run();
      }
    }

    private void put(ChunkStore.Blob blob) {
      ChunkId id = blob.id();
      if (leader().condemned().contains(id)) {
        return;
      }
      leases.merge(id, 1, Integer::sum);
      long epoch = leader().condemnEpoch();
      var waits = new boolean[] {true};
      events.add(
          () ->
              member
                  .put(epoch, List.of(blob))
                  .onComplete(
                      done ->
                          events.add(
                              () -> {
                                if (waits[0]
                                    && done.succeeded()
                                    && leader().condemnEpoch() == epoch) {
                                  named.add(id);
                                  commits++;
                                }
                                release(id, waits);
                              })));
      if (random.nextInt(4) == 0) {
        events.add(() -> release(id, waits));
      }
    }

    /** The put has its commit, or has given up. */
    private void release(ChunkId id, boolean[] waits) {
      if (waits[0]) {
        waits[0] = false;
        leases.merge(id, -1, Integer::sum);
      }
    }

    private void condemn(ChunkId id) {
      if (named.contains(id) || leases.getOrDefault(id, 0) > 0 || !leader().condemned().isEmpty()) {
        return;
      }
      log.add(ChunkCluster.condemn(Set.of(id)).apply(leader()));
      long epoch = leader().condemnEpoch();
      var waits = new boolean[] {true};
      Runnable collected =
          () -> {
            if (waits[0]) {
              waits[0] = false;
              log.add(ChunkCluster.collected().apply(leader()));
            }
          };
      int messages = 1 + random.nextInt(2);
      for (int i = 0; i < messages; i++) {
        events.add(
            () ->
                member
                    .delete(epoch, Set.of(id))
                    .onComplete(
                        done -> {
                          if (done.succeeded()) {
                            events.add(collected);
                          }
                        }));
      }
      // It does not wait for a member for ever.
      events.add(collected);
    }

    /** Documents with generations; removals are in two steps and may be given up between them. */
    private final class Database implements ChunkStore {
      private final Map<ChunkId, Long> generations = new HashMap<>();
      private long next;
      private int removed;

      @Override
      public Future<Void> put(List<Blob> chunks) {
        return later(() -> chunks.forEach(chunk -> generations.putIfAbsent(chunk.id(), next++)));
      }

      @Override
      public Future<Void> replace(Blob chunk) {
        return later(() -> generations.put(chunk.id(), next++));
      }

      @Override
      public Future<Void> delete(Collection<ChunkId> ids) {
        Promise<Void> done = Promise.promise();
        events.add(
            () -> {
              Map<ChunkId, Long> seen = new HashMap<>(generations);
              seen.keySet().retainAll(Set.copyOf(ids));
              events.add(
                  () -> {
                    seen.forEach(
                        (id, generation) -> {
                          removed += generations.remove(id, generation) ? 1 : 0;
                        });
                    done.tryComplete();
                  });
              if (random.nextInt(3) == 0) {
                events.add(() -> done.tryFail("no answer in time"));
              }
            });
        return done.future();
      }

      private Future<Void> later(Runnable work) {
        Promise<Void> done = Promise.promise();
        events.add(
            () -> {
              work.run();
              done.complete();
            });
        return done.future();
      }

      @Override
      public Future<byte[]> get(ChunkId id) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Future<Void> compact() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Future<Long> count() {
        return Future.succeededFuture((long) generations.size());
      }

      @Override
      public Future<Void> probe() {
        throw new UnsupportedOperationException();
      }
    }
  }
}
