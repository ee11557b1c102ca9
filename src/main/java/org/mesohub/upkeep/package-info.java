/**
 * Background work on what is stored: compaction and the collection of chunks that nothing refers
 * to.
 */
@NullMarked
package org.mesohub.upkeep;

import org.jspecify.annotations.NullMarked;
