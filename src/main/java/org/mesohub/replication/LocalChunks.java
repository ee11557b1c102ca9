package org.mesohub.replication;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.placement.Member;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.store.ChunkStore.Blob;

/**
 * This node's store, for itself and its peers, behind what this node's catalogue says:
 *
 * <ul>
 *   <li>A put waits until the catalogue knows every condemnation its sender knows, none of the
 *       chunks is condemned and no removal of them is under way. Removals from before can then no
 *       longer take what it stores.
 *   <li>A removal takes what the catalogue has condemned at that moment, whoever asks and however
 *       late.
 * </ul>
 */
public final class LocalChunks implements Replica {
  private static final long LOOK_MS = 5;

  /** Does something later. */
  interface Later {
    void run(long afterMs, Runnable action);
  }

  private final Later later;
  private final LongSupplier clockNanos;
  private final Member self;
  private final ChunkStore store;
  private final Supplier<CatalogueState> catalogue;
  private final Supplier<Future<ReplicaStat>> stat;
  private final long catalogueMs;
  private final Removals removals = new Removals();

  /**
   * @param store the database of this node
   * @param catalogue state as this node has applied it
   * @param stat what the store takes and has; must not block
   */
  public LocalChunks(
      Vertx vertx,
      Member self,
      ChunkStore store,
      Supplier<CatalogueState> catalogue,
      Supplier<Future<ReplicaStat>> stat,
      ReplicationLimits limits) {
    this(
        (afterMs, action) -> vertx.setTimer(afterMs, timer -> action.run()),
        System::nanoTime,
        self,
        store,
        catalogue,
        stat,
        limits);
  }

  LocalChunks(
      Later later,
      LongSupplier clockNanos,
      Member self,
      ChunkStore store,
      Supplier<CatalogueState> catalogue,
      Supplier<Future<ReplicaStat>> stat,
      ReplicationLimits limits) {
    this.later = later;
    this.clockNanos = clockNanos;
    this.self = self;
    this.store = store;
    this.catalogue = catalogue;
    this.stat = stat;
    this.catalogueMs = limits.catalogueMs();
  }

  @Override
  public Member member() {
    return self;
  }

  /** The database itself. */
  ChunkStore store() {
    return store;
  }

  long condemnEpoch() {
    return catalogue.get().condemnEpoch();
  }

  @Override
  public Future<Void> put(long condemnEpoch, List<Blob> chunks) {
    return whenever(() -> obstacle(condemnEpoch, chunks)).compose(free -> write(chunks));
  }

  @Override
  public Future<Void> replace(long condemnEpoch, Blob chunk) {
    return whenever(() -> obstacle(condemnEpoch, List.of(chunk))).compose(free -> replace(chunk));
  }

  private Future<Void> write(List<Blob> chunks) {
    List<Blob> plain = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    for (Blob chunk : chunks) {
      if (removals.isDoubtful(chunk.id())) {
        done = done.compose(before -> replace(chunk));
      } else {
        plain.add(chunk);
      }
    }
    return done.compose(before -> store.put(plain));
  }

  private Future<Void> replace(Blob chunk) {
    return store.replace(chunk).onSuccess(done -> removals.replaced(chunk.id()));
  }

  /**
   * Stores a chunk that this node has lost, unless it is to go anyway; gives whether it did.
   *
   * @param corrupt whether there is one in its place
   */
  Future<Boolean> restore(Blob chunk, boolean corrupt) {
    if (catalogue.get().condemned().contains(chunk.id()) || removals.isRunning(chunk.id())) {
      return Future.succeededFuture(false);
    }
    return (corrupt ? replace(chunk) : write(List.of(chunk))).map(true);
  }

  @Override
  public Future<byte[]> get(ChunkId id, boolean healing) {
    return store.get(id);
  }

  @Override
  public Future<Set<ChunkId>> present(Collection<ChunkId> ids) {
    return store.present(ids);
  }

  @Override
  public Future<Void> delete(long condemnEpoch, Collection<ChunkId> ids) {
    return whenever(() -> behind(condemnEpoch)).compose(known -> remove(ids));
  }

  private Future<Void> remove(Collection<ChunkId> ids) {
    // First marked, then looked up: a put looks the other way round.
    Set<ChunkId> begun = removals.begin(ids);
    CatalogueState state = catalogue.get();
    Set<ChunkId> doomed = new HashSet<>(begun);
    doomed.removeIf(id -> !state.condemned().contains(id));
    begun.removeAll(doomed);
    removals.spare(begun);
    return store.delete(doomed).onComplete(done -> removals.end(doomed, done.succeeded()));
  }

  @Override
  public Future<List<ChunkId>> list(@Nullable ChunkId after, int limit) {
    return store.list(after, limit);
  }

  @Override
  public Future<ReplicaStat> stat() {
    return stat.get();
  }

  /** What a put has to wait for; null when nothing is in its way. */
  private @Nullable String obstacle(long condemnEpoch, List<Blob> chunks) {
    String behind = behind(condemnEpoch);
    if (behind != null) {
      return behind;
    }
    CatalogueState state = catalogue.get();
    for (Blob chunk : chunks) {
      if (state.condemned().contains(chunk.id()) || removals.isRunning(chunk.id())) {
        return "chunk " + chunk.id() + " is being removed";
      }
    }
    return null;
  }

  private @Nullable String behind(long condemnEpoch) {
    long known = catalogue.get().condemnEpoch();
    return known >= condemnEpoch
        ? null
        : "the catalogue of member "
            + self.id()
            + " knows of "
            + known
            + " condemnations, the sender of "
            + condemnEpoch;
  }

  private Future<Void> whenever(Supplier<@Nullable String> obstacle) {
    if (obstacle.get() == null) {
      return Future.succeededFuture();
    }
    Promise<Void> free = Promise.promise();
    look(obstacle, clockNanos.getAsLong() + catalogueMs * 1_000_000, free);
    return free.future();
  }

  private void look(Supplier<@Nullable String> obstacle, long deadlineNanos, Promise<Void> free) {
    String reason = obstacle.get();
    if (reason == null) {
      free.complete();
    } else if (clockNanos.getAsLong() - deadlineNanos > 0) {
      free.fail(Failures.unavailable(reason + "; waited " + catalogueMs + " ms, try again"));
    } else {
      later.run(LOOK_MS, () -> look(obstacle, deadlineNanos, free));
    }
  }
}
