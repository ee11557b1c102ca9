package org.mesohub.segment;

import org.jspecify.annotations.Nullable;

/**
 * Folded rows in key order, a batch at a time; a key occurs once. Pulled by one thread; pulling may
 * block on storage.
 */
public interface FoldedCursor extends AutoCloseable {
  /** The next batch of 1 to 8,192 rows, null at the end. */
  @Nullable FoldedBatch next();

  /** Lets go of what the cursor holds; idempotent. */
  @Override
  default void close() {}
}
