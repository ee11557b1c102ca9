/** Consensus: the replicated log on Apache Ratis that carries the catalogue's commands. */
@NullMarked
package org.mesohub.cluster;

import org.jspecify.annotations.NullMarked;
