package org.mesohub.node;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mesohub.api.ApiException;
import org.mesohub.api.ApiException.Reason;
import org.mesohub.api.Backups;
import org.mesohub.catalog.CatalogueState;
import org.mesohub.catalog.Restores;
import org.mesohub.catalog.Snapshots;
import org.mesohub.query.ChunkSource;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore;
import org.mesohub.upkeep.Inventory;

/** A pinned state as bytes, and what it names. */
final class LocalCopy implements Backups.Copy {
  private final Backups.Header header;
  private final byte[] catalogue;
  private final Map<ChunkId, Integer> chunks;
  private final ChunkStore store;
  private final Runnable unpin;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private LocalCopy(
      Backups.Header header,
      byte[] catalogue,
      Map<ChunkId, Integer> chunks,
      ChunkStore store,
      Runnable unpin) {
    this.header = header;
    this.catalogue = catalogue;
    this.chunks = chunks;
    this.store = store;
    this.unpin = unpin;
  }

  /**
   * Reads every manifest; blocks.
   *
   * @param unpin run once when the copy is closed
   */
  static LocalCopy of(
      CatalogueState state, ChunkSource manifests, ChunkStore store, Runnable unpin) {
    byte[] catalogue = Snapshots.encode(state);
    if (catalogue.length > Restores.BYTES_MAX) {
      throw new ApiException(
          Reason.INVALID,
          "the catalogue takes "
              + catalogue.length
              + " bytes, more than the "
              + Restores.BYTES_MAX
              + " that can be restored; put tokens are most of it, try again a day later");
    }
    Inventory inventory = Inventory.of(state, manifests);
    Map<ChunkId, Integer> chunks = new HashMap<>(inventory.chunkBytes());
    inventory.manifests().forEach(id -> chunks.put(id, 0));
    var header =
        new Backups.Header(
            Backups.FORMAT,
            state.clusterId(),
            state.commit(),
            state.timeMicros(),
            catalogue.length,
            chunks.size(),
            chunks.values().stream().mapToLong(Integer::longValue).sum(),
            ChunkId.of(catalogue));
    return new LocalCopy(header, catalogue, Map.copyOf(chunks), store, unpin);
  }

  @Override
  public Backups.Header header() {
    return header;
  }

  @Override
  public byte[] catalogue() {
    return catalogue;
  }

  @Override
  public Map<ChunkId, Integer> chunks() {
    return chunks;
  }

  @Override
  public Future<byte[]> chunk(ChunkId id) {
    return chunks.containsKey(id)
        ? LocalNode.told(store.get(id))
        : Future.failedFuture(
            new ApiException(Reason.INVALID, "chunk " + id + " is none of this copy"));
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      unpin.run();
    }
  }
}
