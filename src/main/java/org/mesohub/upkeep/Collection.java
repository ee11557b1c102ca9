package org.mesohub.upkeep;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
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
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;

/**
 * Removes chunks that nothing refers to, so that none is lost that is wanted again meanwhile and no
 * commit waits for a reader:
 *
 * <ol>
 *   <li>Chunks that the state does not refer to are noted, and watched for whoever takes a lease.
 *   <li>Readers of older states, which may refer to them, are waited for, however long that takes.
 *   <li>A log entry condemns those that nobody has taken since; younger states cannot refer to
 *       them. Only this step takes the committer's turn.
 *   <li>They are removed at once, and a second entry says so. Commits that need a condemned chunk
 *       wait just for that, and store it anew.
 * </ol>
 *
 * <p>Blocks; for one background thread.
 */
final class Collection {
  /** Ids read from the store at once. */
  private static final int PAGE = 4_096;

  /** Chunks condemned by one entry. */
  private static final int CONDEMNED_MAX = 16_384;

  private static final long STORE_TIMEOUT_MS = 60_000;
  private static final long LOG_TIMEOUT_MS = 30_000;

  /**
   * Longest wait for readers of older states. Those that take longer are looked at again by {@link
   * #resume}, so that compaction goes on meanwhile.
   */
  private static final long READERS_TIMEOUT_MS = 2_000;

  private final CatalogueLog catalogue;
  private final ChunkSource chunks;
  private final ChunkStore store;
  private final Leases leases;
  private final ClusterView cluster;
  private final Committer committer;

  /** Whether the leases watch garbage that is not condemned yet. */
  private boolean noted;

  /** Epoch of the references in which it was garbage. */
  private long notedAt;

  /**
   * Term in which it was noted: the leases here see every commit of this node's reign, and none of
   * another's.
   */
  private long notedIn;

  Collection(
      CatalogueLog catalogue,
      ChunkSource chunks,
      ChunkStore store,
      Leases leases,
      ClusterView cluster,
      Committer committer) {
    this.catalogue = catalogue;
    this.chunks = chunks;
    this.store = store;
    this.leases = leases;
    this.cluster = cluster;
    this.committer = committer;
  }

  /** Removes what can be removed now; gives how many chunks went. */
  int collect() {
    int removed = resume();
    if (!noted) {
      note();
    }
    long deadline = System.nanoTime() + READERS_TIMEOUT_MS * 1_000_000;
    while (cluster.readBefore(notedAt) && System.nanoTime() < deadline) {
      Blocking.pause(50);
    }
    return removed + removeNoted();
  }

  /**
   * Goes on with what an earlier collection began, unless a reader is still in its way. Must come
   * before other background work: a commit that wants a condemned chunk waits for its removal.
   */
  int resume() {
    return removeCondemned() + removeNoted();
  }

  private int removeNoted() {
    if (!noted) {
      return 0;
    }
    if (cluster.reign() != notedIn) {
      noted = false;
      return 0;
    }
    if (cluster.readBefore(notedAt)) {
      return 0;
    }
    noted = false;
    return condemn() ? removeCondemned() : 0;
  }

  /** Notes what is garbage, and from which state on it is. */
  private void note() {
    notedIn = cluster.reign();
    CatalogueState seen = catalogue.state();
    leases.watch(garbage(seen));
    // What was taken and let go of before the watch began is referred to by this state.
    CatalogueState state = catalogue.state();
    if (state.runsEpoch() != seen.runsEpoch()) {
      leases.forget(Inventory.of(state, chunks)::refersTo);
    }
    noted = true;
    notedAt = state.runsEpoch();
  }

  private List<ChunkId> garbage(CatalogueState state) {
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

  /** Condemns what was noted and not taken since, between two commits. */
  private boolean condemn() {
    if (leases.untouched().isEmpty()) {
      return false;
    }
    try {
      return committer
          .exclusively(
              () -> {
                var command = Condemn.newBuilder().setRunsEpoch(catalogue.state().runsEpoch());
                leases.untouched().forEach(id -> command.addChunks(ByteString.copyFrom(id.hash())));
                // Looked at after the epoch was read: commits of another reign come after it, and
                // make this one a conflict.
                return command.getChunksCount() > 0
                    && cluster.reign() == notedIn
                    && catalogue.propose(Entry.newBuilder().setCondemn(command)).hasDone();
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

  /** Nobody reads what is condemned, here or, after a restart, anywhere. */
  private int removeCondemned() {
    CatalogueState state = catalogue.state();
    if (state.condemned().isEmpty()) {
      return 0;
    }
    Blocking.await(store.delete(state.condemned()), STORE_TIMEOUT_MS, "the store");
    var command = Collected.newBuilder();
    state.condemned().forEach(id -> command.addChunks(ByteString.copyFrom(id.hash())));
    catalogue.propose(Entry.newBuilder().setCollected(command));
    return state.condemned().size();
  }
}
