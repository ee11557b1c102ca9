/**
 * Where chunks live: the {@link org.mesohub.store.ChunkStore} port and its MongoDB adapter,
 * embedded or by URI.
 */
@NullMarked
package org.mesohub.store;

import org.jspecify.annotations.NullMarked;
