/** The way out: pinned catalogue, chunks from the store through a cache, answers as streams. */
@NullMarked
package org.mesohub.retrieval;

import org.jspecify.annotations.NullMarked;
