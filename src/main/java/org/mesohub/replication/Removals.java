package org.mesohub.replication;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.mesohub.segment.ChunkId;

/**
 * Removals of this node's database that are under way or were given up. Thread-safe.
 *
 * <p>While one is under way its chunks cannot be put; the database might take the old document
 * right after the put found it. One that was given up may still be carried out: its chunks must be
 * put as new documents, which it does not know.
 */
final class Removals {
  private final Set<ChunkId> running = new HashSet<>();
  private final Set<ChunkId> doubtful = new HashSet<>();

  /** Begins a removal; gives those of the ids that no other removal has under way. */
  synchronized Set<ChunkId> begin(Collection<ChunkId> ids) {
    Set<ChunkId> begun = new HashSet<>(ids);
    begun.removeAll(running);
    running.addAll(begun);
    return begun;
  }

  /**
   * Ends a removal.
   *
   * @param done whether the database said so
   */
  synchronized void end(Set<ChunkId> begun, boolean done) {
    running.removeAll(begun);
    if (done) {
      doubtful.removeAll(begun);
    } else {
      doubtful.addAll(begun);
    }
  }

  /** Ends a removal of chunks that the database has not been asked to take. */
  synchronized void spare(Set<ChunkId> begun) {
    running.removeAll(begun);
  }

  synchronized boolean isRunning(ChunkId id) {
    return running.contains(id);
  }

  synchronized boolean isDoubtful(ChunkId id) {
    return doubtful.contains(id);
  }

  /** The chunk has a document that no removal from before knows. */
  synchronized void replaced(ChunkId id) {
    doubtful.remove(id);
  }
}
