package org.mesohub.replication;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.placement.Member;
import org.mesohub.segment.ChunkId;
import org.mesohub.store.ChunkStore.Blob;

/**
 * What one member stores: this node's own store, or another's over the network.
 *
 * <p>Callable from any thread; futures complete on any. Every future completes, with failure after
 * a deadline at the latest; failures are {@code StoreException}s.
 */
interface Replica {
  Member member();

  /**
   * Stores chunks durably.
   *
   * @param condemnEpoch condemnations the sender knows of: the member waits until it knows as many
   * @param chunks at most {@link ReplicationLimits#BATCH_BYTES_MAX} together
   */
  Future<Void> put(long condemnEpoch, List<Blob> chunks);

  /** The same for one chunk, in place of what may be stored under its name. */
  Future<Void> replace(long condemnEpoch, Blob chunk);

  /**
   * The bytes of a chunk, not verified by the caller yet.
   *
   * @param healing whether they are to heal another member: one that finds its own corrupt must not
   *     ask back
   */
  Future<byte[]> get(ChunkId id, boolean healing);

  Future<Set<ChunkId>> present(Collection<ChunkId> ids);

  /** Removes those of some chunks that the member itself knows as condemned. */
  Future<Void> delete(long condemnEpoch, Collection<ChunkId> ids);

  Future<List<ChunkId>> list(@Nullable ChunkId after, int limit);

  Future<ReplicaStat> stat();
}
