package org.mesohub.upkeep;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.cluster.CatalogueLog;
import org.mesohub.ingest.Committer;
import org.mesohub.ingest.Leases;
import org.mesohub.proto.internal.v1.Collected;
import org.mesohub.proto.internal.v1.Condemn;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.query.ChunkSource;
import org.mesohub.retrieval.Blocking;
import org.mesohub.retrieval.Pins;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;

/**
 * Removes chunks that nothing refers to, in three steps, so that none is lost that is wanted again
 * meanwhile: a log entry condemns them (refused when references changed since they were looked
 * for), readers of older versions are waited for, then they are removed and a second entry says so.
 * Commits that need a condemned chunk wait and store it anew. Blocks; for one background thread.
 */
final class Collection {
  /** Ids read from the store at once. */
  private static final int PAGE = 4_096;

  /** Chunks condemned by one entry. */
  private static final int CONDEMNED_MAX = 16_384;

  private static final long STORE_TIMEOUT_MS = 60_000;
  private static final long LOG_TIMEOUT_MS = 30_000;

  /**
   * Longest wait for readers of older versions. Those that take longer are looked at again by
   * {@link #resume}, so that compaction goes on meanwhile.
   */
  private static final long READERS_TIMEOUT_MS = 10_000;

  private final CatalogueLog catalogue;
  private final ChunkSource chunks;
  private final ChunkStore store;
  private final Leases leases;
  private final Pins pins;
  private final Committer committer;

  Collection(
      CatalogueLog catalogue,
      ChunkSource chunks,
      ChunkStore store,
      Leases leases,
      Pins pins,
      Committer committer) {
    this.catalogue = catalogue;
    this.chunks = chunks;
    this.store = store;
    this.leases = leases;
    this.pins = pins;
    this.committer = committer;
  }

  /** Removes what can be removed now; gives how many chunks went. */
  int collect() {
    int removed = removeCondemned(READERS_TIMEOUT_MS);
    if (!catalogue.state().condemned().isEmpty()) {
      return removed;
    }
    List<ChunkId> garbage = garbage();
    if (!garbage.isEmpty() && condemn(garbage)) {
      removed += removeCondemned(READERS_TIMEOUT_MS);
    }
    return removed;
  }

  /**
   * Removes what an earlier collection has condemned, unless a reader still needs it. Must come
   * before other background work: a commit that wants a condemned chunk waits for its removal.
   */
  int resume() {
    return removeCondemned(0);
  }

  private List<ChunkId> garbage() {
    CatalogueState state = catalogue.state();
    Inventory inventory = Inventory.of(state, chunks);
    List<ChunkId> garbage = new ArrayList<>();
    @Nullable ChunkId after = null;
    while (garbage.size() < CONDEMNED_MAX) {
      List<ChunkId> page = Blocking.await(store.list(after, PAGE), STORE_TIMEOUT_MS, "the store");
      page.stream().filter(id -> !inventory.refersTo(id)).forEach(garbage::add);
      if (page.size() < PAGE) {
        break;
      }
      after = page.get(page.size() - 1);
    }
    return garbage;
  }

  /** Condemns those that are still garbage, between two commits. */
  private boolean condemn(List<ChunkId> candidates) {
    try {
      return committer
          .exclusively(
              () -> {
                CatalogueState state = catalogue.state();
                Inventory inventory = Inventory.of(state, chunks);
                Set<ChunkId> free =
                    leases.free(candidates.stream().filter(id -> !inventory.refersTo(id)).toList());
                if (free.isEmpty()) {
                  return false;
                }
                var command = Condemn.newBuilder().setRunsEpoch(state.runsEpoch());
                free.forEach(id -> command.addChunks(ByteString.copyFrom(id.hash())));
                return catalogue.propose(Entry.newBuilder().setCondemn(command)).hasDone();
              })
          .get(STORE_TIMEOUT_MS + LOG_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("chunks could not be condemned", e.getCause());
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private int removeCondemned(long readersMillis) {
    CatalogueState state = catalogue.state();
    if (state.condemned().isEmpty()) {
      return 0;
    }
    long deadline = System.nanoTime() + readersMillis * 1_000_000;
    while (pins.anyBefore(state.condemnEpoch())) {
      if (System.nanoTime() >= deadline) {
        return 0;
      }
      Blocking.pause(50);
    }
    Blocking.await(store.delete(state.condemned()), STORE_TIMEOUT_MS, "the store");
    var command = Collected.newBuilder();
    state.condemned().forEach(id -> command.addChunks(ByteString.copyFrom(id.hash())));
    catalogue.propose(Entry.newBuilder().setCollected(command));
    return state.condemned().size();
  }
}
