package org.mesohub.query;

import org.jspecify.annotations.Nullable;

/** Rows that match, in key order. Pulled by one thread; may block on storage. */
interface HitCursor {
  /** The next rows, null at the end. */
  @Nullable Hits next();
}
