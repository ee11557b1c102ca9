package org.mesohub.query;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mesohub.segment.Chunk;
import org.mesohub.segment.ChunkId;
import org.mesohub.segment.Manifest;

/**
 * Where a scan gets chunks from. Calls may block on storage and come from worker threads; results
 * are verified. Thread-safe.
 */
public interface ChunkSource {
  Manifest manifest(ChunkId id);

  Chunk chunk(ChunkId id);

  /** An inline chunk of the catalogue, opened; may remember it by its id. */
  default Chunk inline(ChunkId id, byte[] bytes) {
    return Chunk.open(bytes);
  }

  /** Where decoded parts of a chunk are kept for later readers; null for nowhere. */
  default @Nullable DecodedChunk decoded(ChunkId id) {
    return null;
  }

  /** How many bytes of decoded parts are kept at most. */
  default long decodedBytesMax() {
    return 0;
  }

  /**
   * Says that these chunks will be asked for soon, in this order; may start fetching them. Never
   * blocks.
   */
  default void prefetch(List<ChunkId> ids) {}

  /** {@link #prefetch} for manifests. */
  default void prefetchManifests(List<ChunkId> ids) {}
}
