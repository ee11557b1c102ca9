package org.mesohub.node;

import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.Backups;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Restores;
import org.mesohub.catalog.RunRef;
import org.mesohub.catalog.Snapshots;
import org.mesohub.proto.internal.v1.Applied;
import org.mesohub.proto.internal.v1.Entry;
import org.mesohub.retrieval.Blocking;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;
import org.mesohub.upkeep.Inventory;

/**
 * A restore in progress. Holds leases on its chunks until its end; the log's entries are made
 * against the condemnations of a state in which all of them were stored, so that whatever happened
 * to leases meanwhile, no catalogue names a chunk that is gone.
 */
final class LocalRestore implements Backups.Restore {
  private static final long PUT_TIMEOUT_MS = 60_000;

  /** Longest wait for the removal of a condemned chunk that has come again. */
  private static final long COLLECT_TIMEOUT_MS = 30_000;

  /** Ids looked for in the store at once. */
  private static final int PAGE = 4_096;

  /** Attempts while chunks are condemned meanwhile. */
  private static final int ATTEMPTS_MAX = 8;

  private final LocalBackups.Parts parts;

  /** Whether any restore runs. */
  private final AtomicBoolean restoring;

  private final Set<ChunkId> held = new HashSet<>();
  private ByteArrayOutputStream received = new ByteArrayOutputStream();
  private Backups.@Nullable Header header;

  /** The catalogue, once it is whole. */
  private byte @Nullable [] snapshot;

  private @Nullable CatalogueState copied;
  private boolean entered;
  private boolean finishing;
  private boolean closed;

  LocalRestore(LocalBackups.Parts parts, AtomicBoolean restoring) {
    this.parts = parts;
    this.restoring = restoring;
  }

  @Override
  public Future<Void> header(Backups.Header copy) {
    if (copy.format() != Backups.FORMAT) {
      return invalid(
          "backup of format "
              + copy.format()
              + ": this release knows format "
              + Backups.FORMAT
              + "; use the release that wrote it, or a newer one");
    }
    if (copy.catalogueBytes() < 1 || copy.catalogueBytes() > Restores.BYTES_MAX) {
      return invalid(
          "a catalogue of "
              + copy.catalogueBytes()
              + " bytes cannot be restored: 1 to "
              + Restores.BYTES_MAX);
    }
    if (!enter()) {
      return Future.failedFuture(
          new ApiException(
              Reason.OVERLOADED, "another restore is in progress; nothing was changed"));
    }
    header = copy;
    return LocalNode.told(
        parts
            .catalogue()
            .linearizable()
            .compose(
                state ->
                    state.commit() > 0
                        ? invalid(Restores.NOT_EMPTY)
                        : Future.<Void>succeededFuture()));
  }

  @Override
  public Future<Void> catalogue(byte[] piece) {
    Backups.Header copy = header;
    if (copy == null) {
      return invalid("the header comes before the catalogue");
    }
    if (received.size() + piece.length > copy.catalogueBytes()) {
      return invalid("the catalogue is longer than the header says");
    }
    received.writeBytes(piece);
    return received.size() < copy.catalogueBytes()
        ? Future.succeededFuture()
        : blocking(() -> read(copy));
  }

  private void read(Backups.Header copy) {
    byte[] bytes = received.toByteArray();
    received = new ByteArrayOutputStream(0);
    if (!ChunkId.of(bytes).equals(copy.catalogueId())) {
      throw refusal("the catalogue does not have the hash that the header says");
    }
    try {
      copied = Snapshots.decode(bytes);
    } catch (RuntimeException e) {
      throw new ApiException(
          Reason.INVALID, "the catalogue of the backup cannot be read: " + e.getMessage(), e);
    }
    snapshot = bytes;
  }

  @Override
  public Future<Void> chunks(List<Blob> chunks) {
    return snapshot == null
        ? invalid("the whole catalogue comes before chunks")
        : blocking(() -> store(chunks));
  }

  private void store(List<Blob> chunks) {
    parts
        .space()
        .shortage()
        .ifPresent(
            text -> {
              throw new ApiException(Reason.OVERLOADED, text);
            });
    for (Blob chunk : chunks) {
      if (!ChunkId.of(chunk.bytes()).equals(chunk.id())) {
        throw refusal("chunk " + chunk.id() + " does not have that hash; nothing was changed");
      }
      hold(chunk.id());
      awaitRemoval(chunk.id());
    }
    Blocking.await(parts.store().put(chunks), PUT_TIMEOUT_MS, "the store");
  }

  private void awaitRemoval(ChunkId id) {
    long deadline = System.nanoTime() + COLLECT_TIMEOUT_MS * 1_000_000;
    while (parts.catalogue().state().condemned().contains(id)) {
      if (System.nanoTime() > deadline) {
        throw new ApiException(
            Reason.UNAVAILABLE,
            "chunk " + id + " is being removed and wanted again; try again in a minute");
      }
      Blocking.pause(10);
    }
  }

  @Override
  public Future<Backups.Restored> finish() {
    CatalogueState state = copied;
    byte[] bytes = snapshot;
    if (state == null || bytes == null) {
      return invalid("the restore ended before its catalogue was whole");
    }
    synchronized (this) {
      if (closed) {
        return invalid("the restore was given up");
      }
      finishing = true;
    }
    return LocalNode.told(
            parts
                .vertx()
                .executeBlocking(() -> named(state), false)
                .compose(inventory -> replace(state, bytes, inventory, 1)))
        .onComplete(ended -> close());
  }

  /** What the copied catalogue names, all of which has come. */
  private Inventory named(CatalogueState state) {
    needs(state.stationPages());
    state
        .days()
        .values()
        .forEach(
            day ->
                day.runs()
                    .forEach(
                        run -> {
                          if (run.body() instanceof RunRef.Body.Stored stored) {
                            needs(List.of(stored.manifest()));
                          }
                        }));
    Inventory inventory = Inventory.of(state, parts.chunks());
    needs(inventory.chunkBytes().keySet());
    return inventory;
  }

  private synchronized void needs(Collection<ChunkId> ids) {
    for (ChunkId id : ids) {
      if (!held.contains(id)) {
        throw refusal("chunk " + id + " of the catalogue was not sent; nothing was changed");
      }
    }
  }

  private Future<Backups.Restored> replace(
      CatalogueState state, byte[] bytes, Inventory inventory, int attempt) {
    return parts
        .vertx()
        .executeBlocking(() -> epochWithAll(inventory), false)
        .compose(
            epoch ->
                Future.fromCompletionStage(
                    parts.committer().exclusively(() -> propose(bytes, epoch)),
                    parts.vertx().getOrCreateContext()))
        .compose(
            applied -> {
              if (applied.hasDone()) {
                return Future.succeededFuture(restored(state, inventory));
              }
              if (applied.hasConflict() && attempt < ATTEMPTS_MAX) {
                return replace(state, bytes, inventory, attempt + 1);
              }
              return Future.failedFuture(
                  applied.hasConflict()
                      ? new ApiException(
                          Reason.UNAVAILABLE,
                          applied.getConflict().getWhat() + "; nothing was changed, try again")
                      : refusal(applied.getRefused().getMessage()));
            });
  }

  /** Number of condemnations as of a state in which everything was stored and stayed so. */
  private long epochWithAll(Inventory inventory) {
    CatalogueState now = parts.catalogue().state();
    Set<ChunkId> all = new HashSet<>(inventory.chunkBytes().keySet());
    all.addAll(inventory.manifests());
    boolean whole = Collections.disjoint(now.condemned(), all);
    List<ChunkId> ids = List.copyOf(all);
    for (int from = 0; whole && from < ids.size(); from += PAGE) {
      List<ChunkId> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
      whole =
          Blocking.await(parts.store().present(page), PUT_TIMEOUT_MS, "the store").size()
              == page.size();
    }
    if (!whole) {
      throw new ApiException(
          Reason.UNAVAILABLE,
          "chunks of the restore were removed meanwhile; nothing was changed, try again");
    }
    return now.condemnEpoch();
  }

  private Applied propose(byte[] bytes, long epoch) {
    Applied applied = Applied.getDefaultInstance();
    for (Entry.Builder entry : Restores.entries(bytes, epoch)) {
      applied = parts.catalogue().propose(entry);
      if (!applied.hasDone()) {
        break;
      }
    }
    return applied;
  }

  private static Backups.Restored restored(CatalogueState state, Inventory inventory) {
    return new Backups.Restored(
        state.commit(),
        state.days().size(),
        state.rows(),
        inventory.chunkBytes().size() + inventory.manifests().size(),
        inventory.chunkBytes().values().stream().mapToLong(Integer::longValue).sum());
  }

  private synchronized boolean enter() {
    boolean free = !closed && !entered && restoring.compareAndSet(false, true);
    entered |= free;
    return free;
  }

  private synchronized void hold(ChunkId id) {
    if (closed) {
      throw new ApiException(Reason.UNAVAILABLE, "the restore was given up");
    }
    if (held.add(id)) {
      parts.leases().hold(id);
    }
  }

  @Override
  public synchronized void cancel() {
    if (!finishing) {
      close();
    }
  }

  private synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    parts.leases().release(held);
    held.clear();
    if (entered) {
      restoring.set(false);
    }
  }

  private Future<Void> blocking(Runnable work) {
    return LocalNode.told(
        parts
            .vertx()
            .executeBlocking(
                () -> {
                  work.run();
                  return null;
                },
                false));
  }

  private static ApiException refusal(String message) {
    return new ApiException(Reason.INVALID, message);
  }

  private static <T> Future<T> invalid(String message) {
    return Future.failedFuture(refusal(message));
  }
}
