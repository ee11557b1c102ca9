package org.mesohub.segment;

import org.jspecify.annotations.Nullable;

/**
 * Row versions in key order, a batch at a time. Pulled by one thread; pulling may block on storage.
 *
 * <p>Batches hold 1 to 8,192 rows. Across batches order ascends as within one; versions of one key
 * may straddle two batches unless the producer promises otherwise ({@link Merge} does).
 */
public interface VersionCursor extends AutoCloseable {
  /** The next batch, null at the end. */
  @Nullable VersionBatch next();

  /** Lets go of what the cursor holds; idempotent. */
  @Override
  default void close() {}
}
