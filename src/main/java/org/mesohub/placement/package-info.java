/** The nodes of a cluster, and which of them hold which chunk. Pure. */
@NullMarked
package org.mesohub.placement;

import org.jspecify.annotations.NullMarked;
