package org.mesohub.store;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.mesohub.segment.ChunkId;

/**
 * Content-addressed storage of immutable chunks on this node.
 *
 * <p>Threading: callable from any thread; futures complete on the caller's Vert.x context when it
 * has one. Every future completes, with failure after the store's own deadline at the latest.
 * Failures are {@link StoreException}s.
 */
public interface ChunkStore {
  /**
   * A chunk and its name.
   *
   * @param bytes content, at most 2 MiB, whose SHA-256 is {@code id}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Blob(ChunkId id, byte[] bytes) {}

  /**
   * Stores chunks; when the future succeeds every one of them survives kill -9 and power loss.
   * Storing one again changes nothing.
   */
  Future<Void> put(List<Blob> chunks);

  /**
   * Stores a chunk in place of what may be stored under its name, as {@link #put} does otherwise: a
   * corrupt one is whole afterwards, and a removal that began before does not take it. Readers
   * meanwhile find the one or the other, never nothing.
   */
  Future<Void> replace(Blob chunk);

  /** The bytes of a chunk, verified against its name. Fails as NOT_FOUND or CORRUPT. */
  Future<byte[]> get(ChunkId id);

  /** Those of the ids that are stored here. */
  Future<Set<ChunkId>> present(Collection<ChunkId> ids);

  /** Removes chunks; an id that is not there is no error. */
  Future<Void> delete(Collection<ChunkId> ids);

  /**
   * Ids in ascending order after {@code after} (null from the beginning), at most {@code limit}.
   * For scrub and collection.
   */
  Future<List<ChunkId>> list(@org.jspecify.annotations.Nullable ChunkId after, int limit);

  /** How many chunks are stored here, or were a moment ago. */
  Future<Long> count();

  /**
   * Gives space of removed chunks back to the file system where the engine can; may take seconds.
   */
  Future<Void> compact();

  /** Writes and reads a probe document, for readiness. */
  Future<Void> probe();
}
