package org.mesohub.ingest;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.mesohub.segment.ChunkId;

/**
 * Chunks that a put or compaction in progress relies on, stored but not named by the catalogue yet.
 * Collection condemns none of them. Thread-safe.
 */
public final class Leases {
  private final Map<ChunkId, Integer> held = new HashMap<>();
  private final Set<ChunkId> watched = new HashSet<>();

  /** Holds a chunk until {@link #release}; holds nest. */
  public synchronized void hold(ChunkId id) {
    held.merge(id, 1, Integer::sum);
    watched.remove(id);
  }

  public synchronized void release(Collection<ChunkId> ids) {
    ids.forEach(id -> held.computeIfPresent(id, (i, count) -> count == 1 ? null : count - 1));
  }

  /** From now on notes whether somebody takes one of the ids; those held now are taken. */
  public synchronized void watch(Collection<ChunkId> ids) {
    watched.clear();
    ids.stream().filter(id -> !held.containsKey(id)).forEach(watched::add);
  }

  /** Watches some of them no more. */
  public synchronized void forget(Predicate<ChunkId> which) {
    watched.removeIf(which);
  }

  /**
   * Those of the ids watched that nobody has held since: nothing can have come to refer to them.
   */
  public synchronized Set<ChunkId> untouched() {
    return Set.copyOf(watched);
  }
}
