package org.mesohub.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.mesohub.store.ChunkStore.Blob;

/** Lists cut to what one message takes. */
final class Batches {
  private Batches() {}

  /** Chunks in their order; none of them is larger than a message takes. */
  static List<List<Blob>> of(List<Blob> chunks) {
    List<List<Blob>> batches = new ArrayList<>();
    List<Blob> batch = new ArrayList<>();
    long bytes = 0;
    for (Blob chunk : chunks) {
      int length = chunk.bytes().length;
      if (!batch.isEmpty()
          && (bytes + length > ReplicationLimits.BATCH_BYTES_MAX
              || batch.size() == ReplicationLimits.BATCH_COUNT_MAX)) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(chunk);
      bytes += length;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  /** Ids, each once. */
  static <T> List<List<T>> ofIds(Collection<T> ids) {
    List<T> all = ids.stream().distinct().toList();
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += ReplicationLimits.IDS_MAX) {
      parts.add(all.subList(from, Math.min(from + ReplicationLimits.IDS_MAX, all.size())));
    }
    return parts;
  }
}
