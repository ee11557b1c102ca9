package org.mesohub.ingest;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mesohub.segment.ChunkId;

/**
 * Chunks that a put or compaction in progress relies on, stored but not named by the catalogue yet.
 * Collection condemns none of them. Thread-safe.
 */
public final class Leases {
  private final Map<ChunkId, Integer> held = new HashMap<>();

  /** Holds a chunk until {@link #release}; holds nest. */
  public synchronized void hold(ChunkId id) {
    held.merge(id, 1, Integer::sum);
  }

  public synchronized void release(Collection<ChunkId> ids) {
    ids.forEach(id -> held.computeIfPresent(id, (i, count) -> count == 1 ? null : count - 1));
  }

  /** Those of the ids that nobody holds. */
  public synchronized Set<ChunkId> free(List<ChunkId> ids) {
    return ids.stream().filter(id -> !held.containsKey(id)).collect(Collectors.toSet());
  }
}
